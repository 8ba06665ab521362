"""People read what they sign, before they sign it."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from datetime import timedelta

import pytest
from django.utils import timezone

from hocba.documents import class_record_xml
from hocba.platform.audit.models import AuditEvent
from hocba.tracking.sealing.models import Document, SigningBatch
from tests.factories import small_school as school
from tests.fakes.sides import Sides
from tests.integration.tracking.desk import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]
TERM_1 = f"{school.YEAR}.subject_teacher.1"


@pytest.fixture
def compared(db: None, sides: Sides) -> Desk:
    return Desk.compared(sides)


class TestItems:
    def test_are_the_octets_whose_digest_is_signed(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()

        for item in opened["items"]:
            answer = compared.client("GV0006").get(item["file"])
            digest = b64encode(hashlib.sha256(answer.content).digest())
            assert answer.status_code == 200
            assert digest in b64decode(item["to_be_signed"])
            assert class_record_xml.read_subject_sheet(answer.content).rows

    def test_can_be_read_as_a_page(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        item = next(item for item in opened["items"] if "Toán" in item["title"])
        pupils = [pupil for pupil in compared.data.pupils if pupil.class_name == "6A1"]

        page = compared.client("GV0006").get(item["page"]).content.decode()

        assert all(pupil.name in page for pupil in pupils)
        assert "Đánh giá cuối kì" in page
        assert AuditEvent.objects.filter(tag="sealing:document:read_to_sign").count() == 1

    def test_are_listed_with_what_is_signed(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        first = opened["items"][0]["id"]
        values = compared.signatures(opened, "GV0006")
        compared.give("GV0006", opened["batch"], {first: values[first]})

        page = compared.client("GV0006").get(opened["page"]).content.decode()

        assert page.count("Đã ký</span>") == 1
        assert all(item["title"] in page for item in opened["items"])

    @pytest.mark.parametrize("place", ["page", "file"])
    def test_are_nobody_elses(self, compared: Desk, place: str) -> None:
        opened = compared.open("GV0006", TERM_1).json()

        assert compared.client("GV0007").get(opened["items"][0][place]).status_code == 404
        assert compared.client("GV0001").get(opened["page"]).status_code == 404

    @pytest.mark.parametrize("change", ["expired", "superseded", "signed", "changed"])
    def test_can_still_be_read_once_the_batch_is_over(self, compared: Desk, change: str) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        item = opened["items"][0]
        before = compared.client("GV0006").get(item["file"]).content
        if change == "superseded":
            compared.open("GV0006", TERM_1)
        elif change == "signed":
            compared.give("GV0006", opened["batch"], compared.signatures(opened, "GV0006"))
        else:
            SigningBatch._base_manager.update(expires_at=timezone.now() - timedelta(seconds=1))
        if change == "changed":
            Document._base_manager.filter(term=1).update(data_digest="0" * 64)

        client = compared.client("GV0006")
        page = client.get(opened["page"]).content.decode()

        assert "Kết quả của lượt ký" in page
        assert item["page"] in page
        assert client.get(item["file"]).content == before
        assert client.get(item["page"]).status_code == 200

    @pytest.mark.parametrize("place", ["page", "file"])
    def test_are_not_shown_to_whom_the_document_no_longer_names(self, compared: Desk, place: str) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        Document._base_manager.filter(subject_code="TOAN", term=1, class_name="6A1").update(
            signers={"subject_teacher": ["GV0007"]}
        )
        gone = next(item for item in opened["items"] if item["title"].startswith("Lớp 6A1, môn Toán"))
        kept = next(item for item in opened["items"] if item != gone)

        assert compared.client("GV0006").get(gone[place]).status_code == 404
        assert compared.client("GV0006").get(kept[place]).status_code == 200

    def test_are_not_shown_when_something_else_would_be_signed(self, compared: Desk) -> None:
        opened = compared.open("GV0006", TERM_1).json()
        other = Document._base_manager.filter(subject_code="NGUVAN").first()
        assert other is not None
        Document._base_manager.filter(subject_code="TOAN", term=1, class_name="6A1").update(
            data_digest=other.data_digest
        )
        item = next(item for item in opened["items"] if "môn Toán" in item["title"])

        refused = compared.client("GV0006").get(item["page"], follow=True)

        assert refused.redirect_chain == [(opened["page"], 302)]
        assert "Nội dung cần ký đã thay đổi" in refused.content.decode()

    def test_of_the_seal_are_the_file_with_everybodys_signatures(self, compared: Desk) -> None:
        year = school.YEAR
        for term in (1, 2):
            for teacher in ("GV0006", "GV0007", "GV0008", "GV0009"):
                compared.sign(teacher, f"{year}.subject_teacher.{term}")
        for term in (1, 2, 0):
            for teacher in ("GV0008", "GV0009"):
                compared.sign(teacher, f"{year}.homeroom_teacher.{term}")
        compared.sign("GV0001", f"{year}.principal.0")
        opened = compared.open("GV0004", f"{year}.seal.0", holder=compared.code).json()

        item = opened["items"][0]
        content = compared.client("GV0004").get(item["file"]).content

        assert content.count(b"<ds:SignatureValue>") == 2
        assert b64encode(hashlib.sha256(content).digest()) in b64decode(item["to_be_signed"])
        assert "Sổ học kì" in compared.client("GV0004").get(item["page"]).content.decode()

        compared.give("GV0004", opened["batch"], compared.signatures(opened, compared.code))
        sealed = compared.client("GV0004").get(opened["page"]).content.decode()
        assert "Kết quả của lượt ký" in sealed
        assert all(each["page"] in sealed for each in opened["items"])
        assert compared.client("GV0004").get(item["file"]).content == content
        assert "Sổ học kì" in compared.client("GV0004").get(item["page"]).content.decode()
