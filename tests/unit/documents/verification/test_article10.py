from __future__ import annotations

import pytest

from hocba.documents.verification import Report, Status, verify, wording
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


class TestItemsOfSignature:
    def test_are_made_of_checks_there_are(self) -> None:
        assert {name for names in OF_SIGNATURE.values() for name in names} <= set(wording.CHECKS)

    def test_say_claimed_and_proven_time(self) -> None:
        material = trust.load(transcripts.school().trust_files())
        report = verify(PAIR.xml, trust=material, at=transcripts.NOW, existed_at=transcripts.NOW)

        times = next(row for row in report.signatures[0].items if row.name == "signing_time")

        assert "người ký ghi" in times.detail
        assert "09:00:00 21/11/2026" in times.detail
