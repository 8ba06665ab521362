from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from hocba.documents import pdf, transcript_xml
from hocba.documents.verification import Code, Report, Verdict, verify
from hocba.signing import trust
from tests.factories import class_records, transcripts
from tests.factories.transcripts import NOW, SCHOOL, SIGNED, Act

SHEET = class_records.sheet()
SHEET_FILE = class_records.sign(transcripts.school(), SHEET)
TERM = class_records.term(SHEET_FILE)
TERM_FILE = class_records.sign(transcripts.school(), TERM)
YEAR = class_records.year(TERM_FILE)
YEAR_FILE = class_records.sign(transcripts.school(), YEAR)


def judge(data: bytes) -> Report:
    return verify(data, trust=trust.load(transcripts.school().trust_files()), at=NOW)


def codes(report: Report) -> set[Code | None]:
    return {check.code for check in report.problems}


class TestTranscript:
    def test_report_carries_what_callers_need(self) -> None:
        value = transcripts.transcript()
        data = transcripts.sign_xml(transcripts.school(), value)

        report = judge(data)

        assert report.kind == "transcript_xml"
        assert report.transcript == value
        assert (report.transcript_id, report.version) == (value.id, 1)
        assert str(report.pdf_digest) == "sha256:" + "cd" * 32
        assert report.pdf_length == 1
        assert [item.role for item in report.signatures].count("subject_teacher") == 12
        assert report.signatures[4].covers == ("Kết quả môn Lịch sử và Địa lí",)

    def test_each_signature_shows_the_six_items_of_article_10(self) -> None:
        report = judge(transcripts.sign_xml(transcripts.school(), transcripts.transcript()))

        names = ["signer", "signing_time", "status", "integrity", "certificate", "xml_structure"]
        for item in report.signatures:
            assert [row.name for row in item.items] == names
            assert all(row.passed and row.detail for row in item.items)

    def test_json_has_exactly_the_published_keys(self) -> None:
        document = judge(transcripts.sign_xml(transcripts.school(), transcripts.transcript())).to_json()

        assert list(document) == ["verdict", "checks", "signatures"]
        assert all(list(check) == ["name", "status", "detail"] for check in document["checks"])
        assert all(
            list(item) == ["signer", "role", "covers", "signed_at", "verdict", "detail"]
            for item in document["signatures"]
        )
        assert document["signatures"][0]["signed_at"] == "2026-05-28T09:00:00+07:00"


class TestTranscriptPdf:
    def unsigned(self, record_digest: str) -> bytes:
        value = transcripts.transcript()
        return pdf.render(
            value,
            record=transcript_xml.record_xml(value),
            record_digest=record_digest,
            subject_signatures={},
            verify_url=f"https://hocba.example/{value.id}",
        ).data

    @pytest.mark.parametrize("record_digest", ["sha256:" + "0" * 64, "", "sha1:" + "0" * 40])
    def test_is_invalid_when_it_states_another_digest_than_that_of_its_record(
        self, record_digest: str
    ) -> None:
        unsigned = self.unsigned(record_digest)

        report = judge(transcripts.sign_pdf(transcripts.school(), transcripts.transcript(), unsigned))

        assert report.verdict is Verdict.INVALID
        assert Code.PAIR_MISMATCH in codes(report)
        assert report.transcript is None

    def test_is_valid_when_it_states_the_digest_of_its_record(self) -> None:
        record = transcript_xml.record_xml(transcripts.transcript())
        unsigned = self.unsigned(str(transcript_xml.record_digest(record)))

        report = judge(transcripts.sign_pdf(transcripts.school(), transcripts.transcript(), unsigned))

        assert report.verdict is Verdict.VALID


class TestClassRecord:
    @pytest.mark.parametrize(
        ("file", "value", "roles"),
        [
            (SHEET_FILE, SHEET, ["subject_teacher", "subject_teacher"]),
            (TERM_FILE, TERM, ["homeroom_teacher"]),
            (YEAR_FILE, YEAR, ["homeroom_teacher", "principal", "seal"]),
        ],
        ids=["sheet", "term", "year"],
    )
    def test_is_valid_as_signed(self, file: bytes, value: Any, roles: list[str]) -> None:
        report = judge(file)

        assert report.verdict is Verdict.VALID
        assert report.class_record == value
        assert [item.role for item in report.signatures] == roles

    @pytest.mark.parametrize("file", [SHEET_FILE, TERM_FILE, YEAR_FILE], ids=["sheet", "term", "year"])
    def test_is_invalid_once_a_name_changed(self, file: bytes) -> None:
        report = judge(file.replace("Trần Minh Anh".encode(), "Trần Minh Ánh".encode()))

        assert report.verdict is Verdict.INVALID
        assert report.class_record is None

    @pytest.mark.parametrize("missing", [0, 1])
    def test_sheet_needs_every_teacher(self, missing: int) -> None:
        plan = [act for index, act in enumerate(class_records.acts(SHEET)) if index != missing]

        report = judge(class_records.sign(transcripts.school(), SHEET, plan=plan))

        assert codes(report) == {Code.MISSING_SIGNATURE}

    @pytest.mark.parametrize("role", ["homeroom_teacher", "principal", "seal"])
    def test_year_needs_every_role(self, role: str) -> None:
        plan = [act for act in class_records.acts(YEAR) if act.role != role]

        report = judge(class_records.sign(transcripts.school(), YEAR, plan=plan))

        assert report.verdict is Verdict.INVALID
        assert Code.MISSING_SIGNATURE in codes(report)

    @pytest.mark.parametrize(
        ("value", "holder"),
        [(SHEET, "GV0001"), (TERM, "GV0002"), (YEAR, "GV0002")],
        ids=["sheet", "term", "year"],
    )
    def test_is_signed_by_who_it_names(self, value: Any, holder: str) -> None:
        first, *others = class_records.acts(value)
        plan = [replace(first, holder=holder), *others]

        assert codes(judge(class_records.sign(transcripts.school(), value, plan=plan))) == {Code.WRONG_SIGNER}

    def test_unsigned_is_invalid(self) -> None:
        report = judge(class_records.sign(transcripts.school(), TERM, plan=[]))

        assert report.verdict is Verdict.INVALID
        assert Code.NO_SIGNATURE_FOUND in codes(report)

    def test_without_a_seal_nothing_may_stand_around_the_data(self) -> None:
        """A sheet has no seal over its root: the walk over the tree must find what nobody signed."""

        def with_change(change: Callable[[etree._Element], None]) -> Report:
            root = etree.fromstring(SHEET_FILE)
            change(root)
            return judge(etree.tostring(root))

        def attribute(root: etree._Element) -> None:
            root.set("ghiChu", "x")

        def text(root: etree._Element) -> None:
            root[1].text = "x"

        def child(root: etree._Element) -> None:
            etree.SubElement(root[1], "{urn:hocba:so-lop:1.0}GhiChu")

        for change in (attribute, text, child):
            assert with_change(change).verdict is Verdict.INVALID

    def test_signing_order_of_the_year(self) -> None:
        acts = [replace(act, signed_at=SIGNED) for act in class_records.acts(YEAR)]
        early_seal: list[Act] = [replace(acts[0], signed_at=SIGNED.replace(hour=10)), *acts[1:]]

        assert judge(class_records.sign(transcripts.school(), YEAR, plan=acts)).verdict is Verdict.VALID
        report = judge(class_records.sign(transcripts.school(), YEAR, plan=early_seal))
        assert codes(report) == {Code.TIMESTAMP_ORDER_FAILURE}

    def test_seal_is_the_schools(self) -> None:
        plan = [
            replace(act, holder=transcripts.PRINCIPAL) if act.holder == SCHOOL.code else act
            for act in class_records.acts(YEAR)
        ]

        report = judge(class_records.sign(transcripts.school(), YEAR, plan=plan))

        assert report.verdict is Verdict.INVALID
        assert Code.WRONG_ROLE in codes(report)
