from __future__ import annotations

from typing import Any

from hocba.documents.verification import wording
from hocba.documents.verification.report import unreadable
from hocba.documents.verification.report_json import full_json
from hocba.portal.verification import presenting


def check(name: str, status: str = "passed", detail: str = "") -> dict[str, Any]:
    return {"name": name, "title": name, "status": status, "detail": detail, "code": ""}


def result(verdict: str, *checks: dict[str, Any], **more: Any) -> dict[str, Any]:
    file = {
        "verdict": verdict,
        "kind": None,
        "checks": list(checks),
        "signatures": [],
        "document": full_json(unreadable("x")),
        **more,
    }
    return {"verdict": verdict, "files": [file]}


class TestVerdictPage:
    def test_puts_every_check_into_exactly_one_step(self) -> None:
        names = [*wording.CHECKS, "register", "a check of tomorrow"]

        (file,) = presenting.verdict_page(result("valid", *map(check, names)), ["a.xml"])["files"]

        shown = [each["name"] for step in file["steps"] for each in step["checks"]]
        assert sorted(shown) == sorted(names)

    def test_gives_a_step_the_worst_of_its_checks(self) -> None:
        checks = (check("integrity", "not_checked"), check("coverage", "failed"), check("structure"))

        (file,) = presenting.verdict_page(result("invalid", *checks), ["a.xml"])["files"]

        assert [step["status"] for step in file["steps"]] == ["passed", "failed"]

    def test_names_only_failed_checks_as_reasons_when_there_are_any(self) -> None:
        checks = (
            check("revocation", "not_checked"),
            check("coverage", "failed"),
            check("integrity", "failed"),
        )

        (file,) = presenting.verdict_page(result("invalid", *checks), ["a.xml"])["files"]

        assert [each["name"] for each in file["reasons"]] == ["integrity", "coverage"]

    def test_names_what_could_not_be_checked_when_nothing_failed(self) -> None:
        checks = (check("revocation", "not_checked"), check("integrity"))

        (file,) = presenting.verdict_page(result("indeterminate", *checks), ["a.xml"])["files"]

        assert [each["name"] for each in file["reasons"]] == ["revocation"]

    def test_leaves_names_of_regions_out_of_sentences(self) -> None:
        detail = "Nội dung của vùng “#mh-7f-v1-TOAN” đã bị thay đổi sau khi ký."

        (file,) = presenting.verdict_page(result("invalid", check("integrity", "failed", detail)), [""])[
            "files"
        ]

        assert file["reasons"][0]["detail"] == "Nội dung đã bị thay đổi sau khi ký."
