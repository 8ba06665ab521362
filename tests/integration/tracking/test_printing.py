"""The official forms of a class and of a teacher, printed from what was entered."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from hocba.platform.audit.models import AuditEvent
from hocba.platform.tenancy import scope
from hocba.tracking.printing.forms import FORMS
from tests.factories import primary_school as primary
from tests.factories import small_school as school
from tests.factories import upper_school as upper
from tests.integration.tracking.desk import Desk

if TYPE_CHECKING:
    from tests.fakes.sides import Sides

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]
YEAR = school.YEAR


def words_of(content: bytes) -> set[str]:
    """Everything the cells of a workbook say."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return {
        str(cell)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    }


class TestClassForms:
    @pytest.mark.parametrize(
        ("form", "extension"),
        [(name, extension) for name, form in FORMS.items() for extension in form.makers],
    )
    def test_are_made_of_what_was_entered(self, desk: Desk, form: str, extension: str) -> None:
        desk.enter()
        answer = desk.client("GV0008").get(f"/lop/{YEAR}/6A1/bieu-mau/{form}.{extension}")
        assert answer.status_code == 200
        assert answer.content[:4] == {"pdf": b"%PDF", "xlsx": b"PK\x03\x04"}[extension]
        assert (
            answer.headers["Content-Disposition"] == f'attachment; filename="{form}-6A1-{YEAR}.{extension}"'
        )

    def test_say_the_marks_and_the_names(self, desk: Desk) -> None:
        desk.enter()
        answer = desk.client("GV0001").get(f"/lop/{YEAR}/6A1/bieu-mau/so-theo-doi.xlsx")
        words = words_of(answer.content)
        text = " ".join(words)
        assert "Nguyễn Văn A" in text
        assert "TOÁN – HỌC KÌ I" in text
        assert words & {"7.5", "7,5"}

    def test_are_made_before_anything_was_entered(self, desk: Desk) -> None:
        for name, form in FORMS.items():
            for extension in form.makers:
                answer = desk.client("GV0001").get(f"/lop/{YEAR}/6A1/bieu-mau/{name}.{extension}")
                assert answer.status_code == 200, (name, extension)

    def test_leave_out_who_has_not_chosen_a_subject(self, db: None, sides: Sides) -> None:
        desk = Desk.of_school(sides, data=upper.data())
        desk.enter()
        for form in ("so-theo-doi.xlsx", "so-theo-doi.pdf", "phieu-diem-ca-nam.pdf"):
            answer = desk.client("GV0001").get(f"/lop/{YEAR}/{upper.CLASS}/bieu-mau/{form}")
            assert answer.status_code == 200, form

    def test_are_not_there_for_primary_schools_and_unknown_names(self, db: None, sides: Sides) -> None:
        desk = Desk.of_school(sides, data=primary.data())
        client = desk.client("GV0001")
        assert client.get(f"/lop/{YEAR}/{primary.CLASS}/bieu-mau/so-theo-doi.pdf").status_code == 404
        assert client.get(f"/lop/{YEAR}/{primary.CLASS}/bieu-mau/khac.pdf").status_code == 404
        assert "bieu-mau" not in client.get(f"/lop/{YEAR}/{primary.CLASS}/").content.decode()

    def test_are_offered_on_the_page_of_the_class_to_who_may_have_them(self, desk: Desk) -> None:
        address = f'href="/lop/{YEAR}/6A1/bieu-mau/so-theo-doi.pdf"'
        for who, offered in (("GV0001", True), ("GV0008", True), ("GV0007", False), ("GV0005", False)):
            page = desk.client(who).get(f"/lop/{YEAR}/6A1/").content.decode()
            assert (address in page) is offered, who

    def test_are_written_down(self, desk: Desk) -> None:
        desk.enter()
        desk.client("GV0003").get(f"/lop/{YEAR}/6A1/bieu-mau/danh-sach-cuoi-nam.xlsx")
        last = AuditEvent.objects.latest("id")
        assert (last.tag, last.by) == ("printing:form:made", f"{desk.code}.gv0003")
        assert last.details == {"form": "danh-sach-cuoi-nam"}


class TestTeacherBook:
    def test_has_the_own_sheets_only(self, desk: Desk) -> None:
        desk.enter()
        answer = desk.client("GV0009").get(f"/so-giao-vien/{YEAR}.xlsx")
        words = " ".join(words_of(answer.content))
        assert "Nguyễn Văn C" in words
        assert "Nguyễn Văn A" not in words

    def test_is_offered_to_teachers(self, desk: Desk) -> None:
        for who, offered in (("GV0007", True), ("GV0005", False)):
            page = desk.client(who).get("/").content.decode()
            assert (f"/so-giao-vien/{YEAR}.pdf" in page) is offered

    def test_is_not_there_in_a_year_without_assignments(self, desk: Desk) -> None:
        assert desk.client("GV0009").get("/so-giao-vien/1999-2000.pdf").status_code == 404


class TestCommand:
    def test_writes_every_form_of_a_class(self, desk: Desk, tmp_path: Path) -> None:
        desk.enter()
        call_command(
            "class_forms", school=desk.code, school_year=YEAR, class_name="6A1", out=tmp_path / "out"
        )
        names = {path.name for path in (tmp_path / "out").iterdir()}
        assert names == {
            f"{name}-6A1-{YEAR}.{extension}" for name, form in FORMS.items() for extension in form.makers
        }

    def test_says_that_there_is_no_such_class(self, desk: Desk, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="Không có lớp"):
            call_command("class_forms", school=desk.code, school_year=YEAR, class_name="9Z", out=tmp_path)
        with scope.whole_site():
            assert not AuditEvent.objects.filter(tag="printing:form:made").exists()
