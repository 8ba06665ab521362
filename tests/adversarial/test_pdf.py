"""The PDF and the pair: edited by anybody, signed by the wrong ones, put together from two transcripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from hocba.documents import pdf, transcript_xml
from hocba.documents.verification import Code, Report, Verdict, verify, verify_both, verify_pair
from hocba.signing import trust
from tests.factories import transcripts
from tests.factories.transcripts import NOW, SIGNED

Judge = Callable[[bytes], Report]
SCHOOL = transcripts.school()
VALUE = transcripts.transcript()
PAIR = transcripts.pair()
OTHER = transcripts.sign_pair(SCHOOL, transcripts.another_pupil())


def codes(report: Report) -> set[Code | None]:
    return {check.code for check in report.problems}


class TestEdited:
    def test_original_is_valid(self, judge: Judge) -> None:
        report = judge(PAIR.pdf)

        assert report.verdict is Verdict.VALID
        assert report.transcript == VALUE
        assert [len(item.items) for item in report.signatures] == [5, 5, 5]

    def test_any_changed_byte_is_noticed(self, judge: Judge) -> None:
        """But for the authorities' certificates that came along in the last CMS: nobody needs or signs them."""
        start = PAIR.pdf.rindex(b"/Contents<")
        along = range(start, PAIR.pdf.index(b">", start))
        for position in range(0, len(PAIR.pdf), 409):
            data = bytearray(PAIR.pdf)
            data[position] ^= 1
            report = judge(bytes(data))
            if report.verdict is Verdict.VALID:
                assert position in along
                assert report.transcript == VALUE

    @pytest.mark.parametrize("extra", [b"\n", b"\r\n", b" ", b"%x\n", b"\n%%EOF\n", bytes(100)])
    def test_anything_appended_is_noticed(self, judge: Judge, extra: bytes) -> None:
        assert judge(PAIR.pdf + extra).verdict is Verdict.INVALID

    def test_another_revision_is_noticed(self, judge: Judge) -> None:
        start = int(PAIR.pdf.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
        update = b"\n9 0 obj\n<</x 1>>\nendobj\nxref\n9 1\n%010d 00000 n \ntrailer\n<</Size 99/Root 1 0 R/Prev %d>>\n"
        update = update % (len(PAIR.pdf) + 1, start) + b"startxref\n%d\n%%%%EOF" % (len(PAIR.pdf) + 26)

        assert judge(PAIR.pdf + update).verdict is Verdict.INVALID

    @pytest.mark.parametrize("kept", [0, 1, 2])
    def test_signatures_cut_off_are_missed(self, judge: Judge, kept: int) -> None:
        data = transcripts.sign_pdf(SCHOOL, VALUE, PAIR.unsigned_pdf, fields=pdf.FIELD_ORDER[:kept])

        report = judge(data)

        assert report.verdict is Verdict.INVALID
        assert codes(report) & {Code.MISSING_SIGNATURE, Code.NO_SIGNATURE_FOUND}

    def test_before_the_fields_it_is_no_transcript_of_worth(self, judge: Judge) -> None:
        first = PAIR.unsigned_pdf.index(b"%%EOF") + 5

        assert judge(PAIR.unsigned_pdf[:first]).verdict is not Verdict.VALID


class TestDishonestSigners:
    @pytest.mark.parametrize(
        ("field", "holder"),
        [
            (pdf.HOMEROOM_FIELD, "GV0002"),
            (pdf.HOMEROOM_FIELD, transcripts.PRINCIPAL),
            (pdf.PRINCIPAL_FIELD, transcripts.HOMEROOM),
            (pdf.PRINCIPAL_FIELD, transcripts.SCHOOL.code),
            (pdf.SEAL_FIELD, transcripts.PRINCIPAL),
        ],
    )
    def test_nobody_signs_in_anothers_place(self, judge: Judge, field: str, holder: str) -> None:
        data = transcripts.sign_pdf(SCHOOL, VALUE, PAIR.unsigned_pdf, holders={field: SCHOOL.keys[holder]})

        report = judge(data)

        assert report.verdict is Verdict.INVALID
        assert codes(report) & {Code.WRONG_SIGNER, Code.WRONG_ROLE}

    def test_the_order_of_the_fields_is_the_order_of_signing(self, judge: Judge) -> None:
        fields = (pdf.PRINCIPAL_FIELD, pdf.HOMEROOM_FIELD, pdf.SEAL_FIELD)

        data = transcripts.sign_pdf(SCHOOL, VALUE, PAIR.unsigned_pdf, fields=fields)

        assert judge(data).verdict is Verdict.INVALID

    def test_times_are_in_order(self, judge: Judge) -> None:
        late = {pdf.HOMEROOM_FIELD: SIGNED + timedelta(days=1)}

        report = judge(transcripts.sign_pdf(SCHOOL, VALUE, PAIR.unsigned_pdf, times=late))

        assert (report.verdict, codes(report)) == (Verdict.INVALID, {Code.TIMESTAMP_ORDER_FAILURE})

    @pytest.mark.parametrize(
        ("without", "code"),
        [("crl", Code.TRY_LATER), ("json", Code.APPROVAL_UNKNOWN), ("pem", Code.NO_CERTIFICATE_CHAIN_FOUND)],
    )
    def test_missing_trust_leaves_it_undecided(self, without: str, code: Code) -> None:
        material = trust.load(SCHOOL.trust_files(without=without))

        report = verify(PAIR.pdf, trust=material, at=NOW)

        assert report.verdict is Verdict.INDETERMINATE
        assert code in codes(report)


class TestPair:
    def test_belongs_together(self, material: trust.TrustMaterial) -> None:
        xml = verify(PAIR.xml, trust=material, at=NOW, counterpart=PAIR.pdf)
        pdf_report = verify(PAIR.pdf, trust=material, at=NOW, counterpart=PAIR.xml)

        assert [xml.verdict, pdf_report.verdict] == [Verdict.VALID] * 2
        assert {check.name for check in xml.checks} >= {"pair"}

    def test_alone_is_valid_and_says_so(self, material: trust.TrustMaterial) -> None:
        report = verify(PAIR.pdf, trust=material, at=NOW)

        assert report.verdict is Verdict.VALID
        assert report.notes == ("Bản XML không được đưa kèm nên không đối chiếu hai bản.",)

    @pytest.mark.parametrize(
        "pdf_file",
        [
            OTHER.pdf,
            transcripts.sign_pair(SCHOOL, replace(VALUE, version=2)).pdf,
            transcripts.sign_pair(SCHOOL, replace(VALUE, class_name="6A2")).pdf,
        ],
        ids=["another pupil", "another version", "another content"],
    )
    def test_of_two_documents_is_refused(self, material: trust.TrustMaterial, pdf_file: bytes) -> None:
        report = verify(PAIR.xml, trust=material, at=NOW, counterpart=pdf_file)

        assert (report.verdict, codes(report)) == (Verdict.INVALID, {Code.PAIR_MISMATCH})

    def test_of_another_print_of_the_same_record_is_refused(self, material: trust.TrustMaterial) -> None:
        """Same learning record, other pages: only the digest in the XML tells."""
        elsewhere = pdf.render(
            VALUE,
            record=transcript_xml.record_xml(VALUE),
            record_digest=str(verify(PAIR.xml, trust=material, at=NOW).record_digest),
            subject_signatures={},
            verify_url="https://elsewhere.example/",
        ).data
        other_print = transcripts.sign_pdf(SCHOOL, VALUE, elsewhere)

        assert verify(other_print, trust=material, at=NOW).verdict is Verdict.VALID
        report = verify(PAIR.xml, trust=material, at=NOW, counterpart=other_print)
        assert (report.verdict, codes(report)) == (Verdict.INVALID, {Code.PAIR_MISMATCH})

    def test_with_a_broken_half_is_never_valid(self, material: trust.TrustMaterial) -> None:
        report = verify(PAIR.xml, trust=material, at=NOW, counterpart=b"%PDF-1.7\n")

        assert report.verdict is not Verdict.VALID

    def test_of_two_xml_files_is_none(self, material: trust.TrustMaterial) -> None:
        report = verify(PAIR.xml, trust=material, at=NOW, counterpart=OTHER.xml)

        assert (report.verdict, codes(report)) == (Verdict.INVALID, {Code.PAIR_MISMATCH})

    @pytest.mark.parametrize(
        ("xml", "pdf_file"),
        [
            (PAIR.xml, PAIR.pdf),
            (PAIR.xml, OTHER.pdf),
            (PAIR.xml, transcripts.sign_pair(SCHOOL, replace(VALUE, class_name="6A2")).pdf),
            (PAIR.xml, PAIR.pdf[:-1]),
            (PAIR.xml, PAIR.pdf[: len(PAIR.unsigned_pdf)]),
            (PAIR.xml.replace(VALUE.pupil.name.encode(), b"Tr"), PAIR.pdf),
            (PAIR.xml[:-1], PAIR.pdf),
            (PAIR.pdf, PAIR.xml),
            (PAIR.xml, OTHER.xml),
        ],
        ids=[
            *("a pair", "another pupil", "another content", "cut off", "unsigned", "changed", "broken"),
            *("exchanged", "two XML files"),
        ],
    )
    def test_judged_together_gets_the_same_reports_as_one_by_one(
        self, material: trust.TrustMaterial, xml: bytes, pdf_file: bytes
    ) -> None:
        alone = [verify(data, trust=material, at=NOW) for data in (xml, pdf_file)]

        assert verify_both(xml, pdf_file, trust=material, at=NOW) == verify_pair(*alone)
