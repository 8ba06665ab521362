"""Every kind of document of tiểu học is judged as that of secondary schools is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hocba.documents import class_record_xml
from hocba.documents.verification import Code, Report, Verdict, verify
from hocba.signing import trust
from tests.factories import class_records, documents, primary, transcripts

SHEET = primary.subject_sheet()
SHEET_FILE = class_records.sign(transcripts.school(), SHEET)
TERM = primary.term_record(sheets=(("TOAN", class_record_xml.file_digest(SHEET_FILE)),))
TERM_FILE = class_records.sign(transcripts.school(), TERM)
YEAR = primary.year_record(terms=((1, class_record_xml.file_digest(TERM_FILE)),))
YEAR_FILE = class_records.sign(transcripts.school(), YEAR)
TRANSCRIPT_FILE = transcripts.sign_xml(transcripts.school(), primary.transcript())


def judge(data: bytes) -> Report:
    return verify(data, trust=trust.load(transcripts.school().trust_files()), at=transcripts.NOW)


def codes(report: Report) -> set[Code | None]:
    return {check.code for check in report.problems}


class TestClassRecord:
    @pytest.mark.parametrize(
        ("file", "value", "roles"),
        [
            (SHEET_FILE, SHEET, ["subject_teacher"]),
            (TERM_FILE, TERM, ["homeroom_teacher"]),
            (YEAR_FILE, YEAR, ["homeroom_teacher", "principal", "seal"]),
        ],
        ids=["sheet", "term", "year"],
    )
    def test_is_valid_as_signed(self, file: bytes, value: Any, roles: list[str]) -> None:
        report = judge(file)

        assert (report.verdict, report.kind) == (Verdict.VALID, "class_record_xml")
        assert report.class_record == value
        assert [item.role for item in report.signatures] == roles

    @pytest.mark.parametrize("file", [SHEET_FILE, TERM_FILE, YEAR_FILE], ids=["sheet", "term", "year"])
    def test_is_invalid_once_a_name_changed(self, file: bytes) -> None:
        report = judge(file.replace("Trần Ngọc Ý".encode(), "Trần Ngọc Ỹ".encode()))

        assert report.verdict is Verdict.INVALID
        assert report.class_record is None

    @pytest.mark.parametrize(
        ("value", "holder"),
        [(SHEET, "GV0002"), (TERM, "GV0002"), (YEAR, "GV0002")],
        ids=["sheet", "term", "year"],
    )
    def test_is_signed_by_who_it_names(self, value: Any, holder: str) -> None:
        first, *others = class_records.acts(value)
        plan = [replace(first, holder=holder), *others]

        assert codes(judge(class_records.sign(transcripts.school(), value, plan=plan))) == {Code.WRONG_SIGNER}

    @pytest.mark.parametrize("role", ["homeroom_teacher", "principal", "seal"])
    def test_year_needs_every_role(self, role: str) -> None:
        plan = [act for act in class_records.acts(YEAR) if act.role != role]

        assert Code.MISSING_SIGNATURE in codes(
            judge(class_records.sign(transcripts.school(), YEAR, plan=plan))
        )

    def test_claims_no_other_namespace(self) -> None:
        moved = SHEET_FILE.replace(b"urn:hocba:so-lop-tieu-hoc:1.0", b"urn:hocba:so-lop:1.0")

        assert judge(moved).verdict is Verdict.INVALID


class TestTranscript:
    def test_is_valid_as_signed_and_gives_its_values(self) -> None:
        report = judge(TRANSCRIPT_FILE)

        assert (report.verdict, report.kind) == (Verdict.VALID, "transcript_xml")
        assert report.transcript == primary.transcript()
        assert report.transcript_id == documents.TRANSCRIPT_ID
        assert report.signatures[0].covers == ("Kết quả môn Tiếng Việt",)
        assert str(report.pdf_digest) == "sha256:" + "cd" * 32

    def test_needs_the_teacher_of_every_row(self) -> None:
        plan = transcripts.acts(primary.transcript())[1:]

        report = judge(transcripts.sign_xml(transcripts.school(), primary.transcript(), plan=plan))

        assert Code.MISSING_SIGNATURE in codes(report)

    def test_with_a_comment_is_invalid_and_still_known_for_what_it_claims_to_be(self) -> None:
        report = judge(TRANSCRIPT_FILE.replace(b"<ChuKy>", b"<!-- x --><ChuKy>"))

        assert (report.verdict, report.kind) == (Verdict.INVALID, "transcript_xml")

    def test_and_its_pdf_are_a_pair(self) -> None:
        pair = transcripts.sign_pair(transcripts.school(), primary.transcript())
        material = trust.load(transcripts.school().trust_files())

        report = verify(pair.pdf, trust=material, at=transcripts.NOW, counterpart=pair.xml)

        assert (report.verdict, report.kind) == (Verdict.VALID, "transcript_pdf")
        assert report.transcript == primary.transcript()
        assert "pair" in {check.name for check in report.checks}
