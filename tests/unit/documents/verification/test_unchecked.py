from __future__ import annotations

from dataclasses import replace

import pytest

from hocba.documents.verification import DEFAULT_POLICY, Report, Verdict, verify
from hocba.documents.verification.report import unreadable
from hocba.signing import trust
from hocba.signing.checks import passed
from tests.factories import class_records, transcripts

PAIR = transcripts.pair()
MATERIAL = trust.load(transcripts.school().trust_files())


def names(report: Report) -> list[str]:
    return [item.name for item in report.unchecked]


def judged(data: bytes, **more: object) -> Report:
    return verify(data, trust=MATERIAL, at=transcripts.NOW, **more)  # type: ignore[arg-type]


class TestOf:
    def test_a_valid_transcript_still_says_what_nobody_looked_at(self) -> None:
        report = judged(PAIR.xml)

        assert report.verdict is Verdict.VALID
        assert names(report) == ["register", "log", "counterpart", "class_record", "proof_of_time", "paper"]

    def test_a_pdf_says_that_its_pages_were_not_read(self) -> None:
        assert "pages" in names(judged(PAIR.pdf))

    def test_what_the_caller_checked_is_left_out(self) -> None:
        report = judged(PAIR.xml, counterpart=PAIR.pdf, existed_at=transcripts.NOW)

        assert names(report.with_check(passed("register", "ok"))) == ["log", "class_record", "paper"]

    def test_checks_that_could_not_be_made_come_first(self) -> None:
        report = verify(PAIR.xml, trust=trust.load({}), at=transcripts.NOW)

        assert names(report)[:3] == ["certificate_chain", "revocation", "approved_certificate"]

    def test_is_not_even_empty_for_a_file_that_is_no_document(self) -> None:
        assert names(unreadable("x")) == ["paper"]

    def test_a_class_record_has_no_counterpart(self) -> None:
        data = class_records.sign(transcripts.school(), class_records.sheet())

        assert names(judged(data)) == ["proof_of_time", "paper"]


class TestPolicyWithoutApproval:
    POLICY = replace(DEFAULT_POLICY, approval_required=False)

    def without_register(self) -> trust.TrustMaterial:
        files = transcripts.school().trust_files()
        return trust.load({name: data for name, data in files.items() if not name.endswith(".json")})

    def test_passes_without_a_register_and_says_so(self) -> None:
        report = verify(PAIR.xml, trust=self.without_register(), at=transcripts.NOW, policy=self.POLICY)

        assert report.verdict is Verdict.VALID
        assert "approved_certificate" in names(report)

    @pytest.mark.parametrize("data", [PAIR.xml, PAIR.pdf])
    def test_is_not_the_default(self, data: bytes) -> None:
        report = verify(data, trust=self.without_register(), at=transcripts.NOW)

        assert report.verdict is Verdict.INDETERMINATE

    def test_still_heeds_a_register_that_says_no(self) -> None:
        files = transcripts.school().trust_files()
        register = next(name for name in files if name.endswith(".json"))
        files[register] = files[register].replace(b'"GV0002"', b'"GV9999"')

        report = verify(PAIR.xml, trust=trust.load(files), at=transcripts.NOW, policy=self.POLICY)

        assert report.verdict is Verdict.INVALID
