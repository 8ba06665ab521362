"""What proves something beside the documents stays readable and provable: the files of `tests/vectors/golden_proofs`.

They are never edited, removed or made again (`tools/golden_proofs.py` only adds). When a test here fails, the code has
to change, not the files.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import pytest

from hocba.documents.verification import Verdict, report_json
from hocba.exchange.preservation.verifying import verify_with
from hocba.signing import certificates, ocsp, trust, trust_list_files
from hocba.signing.checks import Status
from tests.factories import golden
from tests.unit.documents.test_golden import lost

FOLDER = golden.FOLDER.parent / "golden_proofs"
EVIDENCE, LISTED, REVOKED, REPORTS = (
    FOLDER / name for name in ("bang-chung-1", "danh-sach-tin-cay-1", "thu-hoi-1", "bao-cao-1")
)
FOR_PEOPLE = {"detail", "title", "notes", "proven_by", "covers", "policy", "standard"}


def expected(name: str) -> Any:
    return json.loads((FOLDER / name / "expected.json").read_text("utf-8"))


class TestEvidenceBundles:
    @pytest.mark.parametrize("document", ["hoc-ba.xml", "hoc-ba.pdf"])
    @pytest.mark.parametrize("age", ["moi", "gia-han", "luu-tru"])
    def test_prove_what_they_proved(self, age: str, document: str) -> None:
        known, bundle = expected("bang-chung-1")[age], (EVIDENCE / f"{age}.bang-chung.zip").read_bytes()
        trusted = {path.name: path.read_bytes() for path in (EVIDENCE / f"trust-{age}").iterdir()}

        report = verify_with(
            (EVIDENCE / document).read_bytes(),
            bundle,
            trust=trust.load(trusted),
            at=datetime.fromisoformat(known["at"]),
        )

        assert hashlib.sha256(bundle).hexdigest() == known["bundle"]
        assert report.verdict is Verdict.VALID
        assert report.question is not None
        assert report.question.existed_at == datetime.fromisoformat(known["proven_at"])


class TestTrustLists:
    def test_are_read_and_written_as_the_same_octets(self) -> None:
        data, signature = (LISTED / "trust-list.json").read_bytes(), (LISTED / "trust-list.sig").read_bytes()
        signer = certificates.load((LISTED / "signer.pem").read_bytes())

        found = trust_list_files.read_signed(data, signature, [signer])

        known = expected("danh-sach-tin-cay-1")
        assert found.version == known["version"]
        assert [[each.name, str(each.authority_class)] for each in found.authorities] == known["authorities"]
        assert trust_list_files.write(found) == data


class TestRevocation:
    def certificate(self, name: str) -> Any:
        return certificates.load((REVOKED / name).read_bytes())

    @pytest.mark.parametrize("name", ["good", "revoked"])
    def test_answers_say_what_they_said(self, name: str) -> None:
        known = expected("thu-hoi-1")

        listing = ocsp.check_answer(
            (REVOKED / f"{name}.ors").read_bytes(),
            self.certificate("person.pem"),
            self.certificate("issuing.pem"),
            now=datetime.fromisoformat(known["at"]),
        )

        assert listing.revoked_at == (
            datetime.fromisoformat(known["revoked_at"]) if name == "revoked" else None
        )

    @pytest.mark.parametrize(("name", "status"), [("before", Status.PASSED), ("after", Status.FAILED)])
    def test_lists_say_what_they_said(self, name: str, status: Status) -> None:
        at = datetime.fromisoformat(expected("thu-hoi-1")["at"])
        names = ("root.pem", "issuing.pem", "root.crl", f"{name}.crl")
        material = trust.load({each: (REVOKED / each).read_bytes() for each in names})

        checks = material.check_certificate(self.certificate("person.pem"), at=at, now=at)

        assert {check.name: check.status for check in checks}["revocation"] is status


class TestReports:
    def test_in_json_keep_every_key_and_finding(self) -> None:
        then = json.loads((REPORTS / "reports.json").read_text("utf-8"))
        assert len(then) == expected("bao-cao-1")["reports"]
        for name, said in then.items():
            file, _, changed = name.partition(" ")
            data = bytearray(golden.octets(file))
            if changed:
                data[len(data) // 3] ^= 1
            now = json.loads(json.dumps(report_json.full_json(golden.judge(file, bytes(data)))))

            assert lost(without_sentences(said), without_sentences(now)) == [], name


def without_sentences(value: Any) -> Any:
    """Without what is worded for people, and lists of checks by name, since checks may be added."""
    if isinstance(value, dict):
        return {key: without_sentences(each) for key, each in value.items() if key not in FOR_PEOPLE}
    if isinstance(value, list) and value and all(isinstance(each, dict) and "name" in each for each in value):
        return {each["name"]: without_sentences(each) for each in value}
    return [without_sentences(each) for each in value] if isinstance(value, list) else value
