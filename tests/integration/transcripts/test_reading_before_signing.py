"""People read what they sign, before they sign it."""

from __future__ import annotations

import hashlib
import html
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from hocba.desk import channels
from hocba.desk.pages import Pages
from hocba.documents import transcript_xml
from hocba.documents.outline import outline_of, subject_outline
from hocba.documents.transcript import Transcript
from hocba.platform.tenancy import scope
from hocba.transcripts.issuing import reading, urls
from hocba.transcripts.issuing.desk import DESK
from hocba.transcripts.issuing.errors import BatchOverError, NotYoursError
from hocba.transcripts.issuing.models import Rendering, SigningItem
from hocba.transcripts.records.models import Compilation
from tests.integration.transcripts import desk, world

pytestmark = pytest.mark.django_db
VIEWS = {entry.name: entry.callback for entry in urls.urlpatterns if entry.name}


@pytest.fixture
def of() -> world.Keys:
    return world.keys()


@pytest.fixture
def compilation(of: world.Keys) -> Compilation:
    """A class of one, freshly compiled."""
    book = world.sealed_book(of, count=1)
    world.install_trust(of)
    world.install_roster(book.pupils)
    return desk.take_in(book)


def read(code: str, batch: Any, item: SigningItem) -> reading.ToSign:
    with scope.acting_for(world.SCHOOL.code):
        return reading.item_of(world.actor(code), batch.pk, item.pk)


def page(rf: RequestFactory, code: str, opened: Any, item: SigningItem) -> str:
    request = rf.get("/")
    request.actor = world.actor(code)  # type: ignore[attr-defined]
    with scope.acting_for(world.SCHOOL.code):
        answer = Pages(DESK).item(request, batch_id=opened.batch.pk, item_id=str(item.pk))
    return html.unescape(answer.content.decode())


class TestItems:
    def test_of_a_subject_teacher_are_own_rows(self, of: world.Keys, compilation: Compilation) -> None:
        opened = desk.open_batch(of, "GV0002", "subject_teacher")

        for item in opened.items:
            found = read("GV0002", opened.batch, item)
            assert found.octets.startswith(b"<MonHoc ")
            assert b64encode(hashlib.sha256(found.octets).digest()) in bytes(item.to_be_signed)
            value = transcript_xml.read_record(found.record)
            assert found.outline() == subject_outline(value, item.region)
            assert found.presentation_outline() is None

    def test_of_a_subject_teacher_tell_nothing_else_of_the_pupil(
        self, of: world.Keys, compilation: Compilation, rf: RequestFactory
    ) -> None:
        opened = desk.open_batch(of, "GV0002", "subject_teacher")
        item = opened.items[0]
        value = transcript_xml.read_record(read("GV0002", opened.batch, item).record)
        assert isinstance(value, Transcript)

        shown = page(rf, "GV0002", opened, item)

        pupil, result = value.pupil, value.result
        secrets = [
            pupil.birth_date, pupil.ethnic_group, pupil.birthplace, pupil.residence, pupil.policy, pupil.disability,
            *(parent.name for parent in (pupil.father, pupil.mother, pupil.guardian) if parent),
            result.homeroom_remark, result.principal_remark, result.awards,
            *(row.name for row in value.subjects if row.code != item.region),
        ]  # fmt: skip
        assert len([secret for secret in secrets if secret]) > len(value.subjects)
        assert [secret for secret in secrets if secret and secret in shown] == []
        for word in ("rèn luyện", "nghỉ học", "ngày sinh", "cha", "mẹ", "nhận xét của giáo viên chủ nhiệm"):
            assert f"<dt>{word.capitalize()}" not in shown
            assert f", {word}" not in shown
        assert shown.count("<dt>") == 6

    @pytest.mark.parametrize(
        ("code", "slot", "before"),
        [
            (world.HOMEROOM, "homeroom_teacher", "subject_teacher"),
            (world.PRINCIPAL, "principal", "homeroom_teacher"),
            (world.CLERK, "seal", "principal"),
        ],
    )
    def test_are_xml_and_pdf_of_the_whole(
        self, of: world.Keys, compilation: Compilation, code: str, slot: str, before: str
    ) -> None:
        desk.sign_up_to(of, compilation, before)
        opened = desk.open_batch(of, code, slot)

        xml, pdf = [read(code, opened.batch, item) for item in opened.items]

        assert pdf.octets.startswith(b"%PDF-")
        assert transcript_xml.read_record(xml.record).subjects
        assert b"<HoSo " in xml.octets
        value = transcript_xml.read_record(xml.record)
        assert xml.outline() == pdf.outline() == outline_of(value)
        assert pdf.presentation_outline() is None
        assert (xml.presentation_outline() is None) is (slot == "homeroom_teacher")

    @pytest.mark.parametrize(
        ("code", "slot", "before"),
        [(world.PRINCIPAL, "principal", "homeroom_teacher"), (world.CLERK, "seal", "principal")],
    )
    def test_say_which_pdf_is_confirmed(
        self, of: world.Keys, compilation: Compilation, rf: RequestFactory, code: str, slot: str, before: str
    ) -> None:
        desk.sign_up_to(of, compilation, before)
        unsigned = bytes(Rendering._base_manager.get().pdf)
        opened = desk.open_batch(of, code, slot)
        item = next(item for item in opened.items if item.kind == "xml")

        shown = page(rf, code, opened, item)

        assert f"<dd>sha256:{hashlib.sha256(unsigned).hexdigest()}</dd>" in shown
        assert f"<dd>{len(unsigned)}</dd>" in shown

    @pytest.mark.parametrize("end", ["expired", "superseded", "completed"])
    def test_can_still_be_read_once_the_batch_is_over(
        self, of: world.Keys, compilation: Compilation, rf: RequestFactory, end: str
    ) -> None:
        late = timezone.now() - channels.LIFE - timedelta(minutes=1)
        opened = desk.open_batch(of, "GV0002", "subject_teacher", at=late if end == "expired" else None)
        before = read("GV0002", opened.batch, opened.items[0])
        if end == "superseded":
            desk.open_batch(of, "GV0002", "subject_teacher")
        if end == "completed":
            desk.complete("GV0002", opened, desk.signatures(of, opened))

        assert read("GV0002", opened.batch, opened.items[0]).octets == before.octets
        request = rf.get("/")
        request.actor = world.actor("GV0002")  # type: ignore[attr-defined]
        with scope.acting_for(world.SCHOOL.code):
            answer = Pages(DESK).batch(request, batch_id=opened.batch.pk).content.decode()
        assert "Kết quả của lượt ký" in answer
        assert answer.count("/tep") == len(opened.items)

    def test_are_the_files_with_all_signatures_once_they_are_signed(
        self, of: world.Keys, compilation: Compilation
    ) -> None:
        """Homeroom teacher's and seal's, before the seal, after it, and after working bytes were emptied."""
        desk.sign_up_to(of, compilation, "subject_teacher")
        by_homeroom = desk.open_batch(of, world.HOMEROOM, "homeroom_teacher")
        desk.complete(world.HOMEROOM, by_homeroom, desk.signatures(of, by_homeroom))

        def files(code: str, opened: Any) -> list[bytes]:
            found = [read(code, opened.batch, item) for item in opened.items]
            assert all(each.is_file and each.outline() for each in found)
            return [each.octets for each in found]

        xml, pdf = files(world.HOMEROOM, by_homeroom)
        assert xml.count(b"</ds:Signature></GiaoVienChuNhiem>") == 1
        assert pdf.count(b"/ByteRange") == 1
        desk.sign(of, world.PRINCIPAL, "principal")
        by_seal = desk.open_batch(of, world.CLERK, "seal")
        desk.complete(world.CLERK, by_seal, desk.signatures(of, by_seal))
        sealed = files(world.CLERK, by_seal)
        assert sealed[0].count(b"</ds:Signature></CoQuan>") == 1
        assert sealed == files(world.HOMEROOM, by_homeroom)
        SigningItem._base_manager.update(to_be_signed=b"", prepared=b"", signed=b"")
        Rendering._base_manager.all().delete()
        assert files(world.CLERK, by_seal) == sealed

    def test_are_not_shown_when_something_else_would_be_signed(
        self, of: world.Keys, compilation: Compilation
    ) -> None:
        desk.sign_up_to(of, compilation, "subject_teacher")
        opened = desk.open_batch(of, world.HOMEROOM, "homeroom_teacher")
        row = Rendering._base_manager.get()
        Rendering._base_manager.update(pdf=bytes(row.pdf).replace(b"%PDF-1.7", b"%PDF-1.6", 1))
        pdf = next(item for item in opened.items if item.kind == "pdf")

        with pytest.raises(BatchOverError, match="đã thay đổi"):
            read(world.HOMEROOM, opened.batch, pdf)

    def test_are_nobody_elses(self, of: world.Keys, compilation: Compilation) -> None:
        opened = desk.open_batch(of, "GV0002", "subject_teacher")

        with pytest.raises(NotYoursError):
            read("GV0003", opened.batch, opened.items[0])

    def test_can_be_read_as_a_page(
        self, of: world.Keys, compilation: Compilation, rf: RequestFactory
    ) -> None:
        opened = desk.open_batch(of, "GV0002", "subject_teacher")
        item = opened.items[0]

        def shown(view: str, **kwargs: Any) -> HttpResponse:
            request = rf.get("/")
            request.actor = world.actor("GV0002")  # type: ignore[attr-defined]
            answer: HttpResponse = VIEWS[view](request, batch_id=opened.batch.pk, **kwargs)
            assert answer.status_code == 200
            return answer

        assert "Trần Thị Học" in shown("transcripts_signing_batch").content.decode()
        assert "Trần Thị Học" in shown("transcripts_signing_item", item_id=str(item.pk)).content.decode()
        file = shown("transcripts_signing_item_file", item_id=str(item.pk))
        assert file.content == read("GV0002", opened.batch, item).octets
        assert file["Content-Disposition"] == f'attachment; filename="can-ky-{item.pk}.xml"'
