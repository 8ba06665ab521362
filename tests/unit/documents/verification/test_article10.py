from __future__ import annotations

import re

import pytest

from hocba.documents.verification import Report, Status, Verdict, verify, wording
from hocba.documents.verification.article10 import OF_DOCUMENT, OF_SIGNATURE
from hocba.documents.verification.report import unreadable
from hocba.signing import trust
from hocba.signing.checks import Code, failed
from tests.factories import transcripts

PAIR = transcripts.pair()


def judged(data: bytes) -> Report:
    return verify(data, trust=trust.load(transcripts.school().trust_files()), at=transcripts.NOW)


def status_of(report: Report, name: str) -> Status:
    return next(row.status for row in report.items if row.name == name)


class TestItemsOfDocument:
    def test_are_six_for_xml_in_the_order_of_the_article(self) -> None:
        assert [row.name for row in judged(PAIR.xml).items] == list(wording.ITEMS)

    def test_are_five_for_pdf(self) -> None:
        assert [row.name for row in judged(PAIR.pdf).items] == list(wording.ITEMS)[:-1]

    @pytest.mark.parametrize("data", [PAIR.xml, PAIR.pdf])
    def test_all_pass_for_a_good_file_and_say_why(self, data: bytes) -> None:
        assert all(row.passed and row.detail for row in judged(data).items)

    def test_are_none_for_a_file_that_is_no_document(self) -> None:
        assert unreadable("x").items == ()

    def test_show_a_change_as_a_wrong_integrity(self) -> None:
        report = judged(PAIR.xml.replace(b">7.9<", b">9.9<", 1))

        assert status_of(report, "integrity") is Status.FAILED
        assert status_of(report, "xml_structure") is not Status.FAILED

    @pytest.mark.parametrize("name", ["register", "pair", "pdf_changes", "trust", "a check of tomorrow"])
    @pytest.mark.parametrize("data", [PAIR.xml, PAIR.pdf])
    def test_never_lose_a_failed_check(self, data: bytes, name: str) -> None:
        report = judged(data).with_check(failed(name, Code.WRONG_SIGNER, "sai"))

        assert Status.FAILED in {row.status for row in report.items}

    def test_have_a_place_for_every_check_there_is(self) -> None:
        assert set(wording.CHECKS) <= {name for names in OF_DOCUMENT.values() for name in names}

    def test_have_a_place_for_every_check_once(self) -> None:
        names = [name for names in OF_DOCUMENT.values() for name in names]

        assert len(names) == len(set(names))


def other_letter(data: bytes) -> bytes:
    """The base64 text of a signature's value with another first letter."""
    value = re.search(rb"<ds:SignatureValue[^>]*>\s*([A-Za-z0-9+/])", data)
    assert value is not None
    place = value.start(1)
    return data[:place] + (b"B" if value[1] == b"A" else b"A") + data[place + 1 :]


FORGED = {
    "a letter of the pupil's name": PAIR.xml.replace(b"Minh Anh", "Minh Ánh".encode(), 1),
    "a mark": PAIR.xml.replace(b">7.9<", b">9.9<", 1),
    "the value of a signature": other_letter(PAIR.xml),
    "the method of a signature": PAIR.xml.replace(b"#rsa-sha256", b"#rsa-sha512", 1).replace(
        b"#ecdsa-sha256", b"#ecdsa-sha512", 1
    ),
    "a byte of the PDF": PAIR.pdf[:60] + bytes([PAIR.pdf[60] ^ 1]) + PAIR.pdf[61:],
    "octets after the PDF": PAIR.pdf + b"\n% more\n",
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED)
class TestItemsOfForgedFiles:
    def test_never_say_that_the_signatures_are_good(self, data: bytes) -> None:
        report = judged(data)

        assert report.verdict is Verdict.INVALID
        assert not {row.name for row in report.items if row.passed} & {"status", "signing_time", "signer"}
        assert not any("Mọi chữ ký" in row.detail for row in report.items)

    def test_agree_with_the_rows_of_the_signatures(self, data: bytes) -> None:
        report = judged(data)

        for row in report.items:
            own = [item.status for each in report.signatures for item in each.items if item.name == row.name]
            assert not row.passed or set(own) <= {Status.PASSED}
            if row.name == "xml_structure" and set(own) == {Status.PASSED}:
                assert row.passed

    def test_believe_no_time_of_a_broken_signature(self, data: bytes) -> None:
        for each in judged(data).signatures:
            rows = {row.name: row for row in each.items}
            if not rows["integrity"].passed:
                assert not rows["signing_time"].passed
                assert not rows["status"].passed

    def test_say_a_sentence_once(self, data: bytes) -> None:
        unknown = "Không đọc được nội dung đã ký nên chưa biết ai phải ký."

        assert all(row.detail.count(unknown) <= 1 for row in judged(data).items)


class TestItemsOfSignature:
    def test_are_made_of_checks_there_are(self) -> None:
        assert {name for names in OF_SIGNATURE.values() for name in names} <= set(wording.CHECKS)

    def test_say_claimed_and_proven_time(self) -> None:
        material = trust.load(transcripts.school().trust_files())
        report = verify(PAIR.xml, trust=material, at=transcripts.NOW, existed_at=transcripts.NOW)

        times = next(row for row in report.signatures[0].items if row.name == "signing_time")

        assert "người ký ghi" in times.detail
        assert "09:00:00 21/11/2026" in times.detail
