"""People read what they sign, before they sign it."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any

import pytest
from django.test import RequestFactory

from hocba.documents import transcript_xml
from hocba.platform.tenancy import scope
from hocba.transcripts.issuing import desk_pages, reading
from hocba.transcripts.issuing.errors import BatchOverError, NotYoursError
from hocba.transcripts.issuing.models import Rendering, SigningItem
from hocba.transcripts.records.models import Compilation
from tests.integration.transcripts import desk, world

pytestmark = pytest.mark.django_db


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


class TestItems:
    def test_of_a_subject_teacher_are_own_rows(self, of: world.Keys, compilation: Compilation) -> None:
        opened = desk.open_batch(of, "GV0002", "subject_teacher")

        for item in opened.items:
            found = read("GV0002", opened.batch, item)
            assert found.octets.startswith(b"<MonHoc ")
            assert b64encode(hashlib.sha256(found.octets).digest()) in bytes(item.to_be_signed)
            (table,) = [table for table in found.outline().tables if table.title == "môn"]
            assert len(table.rows) == 1

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
        assert len(xml.outline().facts) > 20

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
        name = {"batch_id": opened.batch.pk}
        pages = [
            (desk_pages.batch, name),
            (desk_pages.item, name | {"item_id": opened.items[0].pk}),
            (desk_pages.item_file, name | {"item_id": opened.items[0].pk}),
        ]

        for view, kwargs in pages:
            request = rf.get("/")
            request.actor = world.actor("GV0002")  # type: ignore[attr-defined]
            answer = view(request, **kwargs)
            assert answer.status_code == 200
            assert "Trần Thị Học" in answer.content.decode() or view is desk_pages.item_file
