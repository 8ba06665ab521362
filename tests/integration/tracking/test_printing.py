"""The official forms of a class and of a teacher, printed from what was entered."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from hocba.platform.audit.models import AuditEvent
from hocba.platform.tenancy import scope
from hocba.tracking.printing import books
from hocba.tracking.printing.forms import PRIMARY, SECONDARY, Forms
from hocba.tracking.roster import queries as roster
from tests.factories import primary_school as primary
from tests.factories import small_school as school
from tests.factories import upper_school as upper
from tests.integration.tracking.desk import Desk
from tests.integration.tracking.matrix_tracking import ADDRESSES, PEOPLE

if TYPE_CHECKING:
    from tests.fakes.sides import Sides

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]
YEAR = school.YEAR
FORMS_OF_3A = f"/lop/{YEAR}/{primary.CLASS}/bieu-mau"
EXAMINED = ["T", 8, "T", 8, "T", 8, "T", "T", "T", 8, "T", "T", "T"]
"""Levels of the nine subjects of grade 3 and marks of its four tests at the end of a term, as the form has them."""
MAGIC = {"pdf": b"%PDF", "xlsx": b"PK\x03\x04"}


def files_of(forms: Forms) -> list[tuple[str, str]]:
    """Name and extension of everything that can be printed."""
    return [(name, extension) for name, form in forms.by_name.items() for extension in form.makers]


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


def row_of(content: bytes, number: int) -> list[object]:
    """The filled cells of the row of a workbook's one table that bears that number."""
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    (found,) = [row for row in sheet.iter_rows(values_only=True) if row[0] == number]
    return [cell for cell in found if cell not in {None, ""}]


@pytest.fixture
def primary_desk(db: None, sides: Sides) -> Desk:
    """The desk of a primary school."""
    return Desk.of_school(sides, data=primary.data())


class TestClassForms:
    @pytest.mark.parametrize(("form", "extension"), files_of(SECONDARY))
    def test_are_made_of_what_was_entered(self, desk: Desk, form: str, extension: str) -> None:
        desk.enter()
        answer = desk.client("GV0008").get(f"/lop/{YEAR}/6A1/bieu-mau/{form}.{extension}")
        assert answer.status_code == 200
        assert answer.content[:4] == MAGIC[extension]
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
        for name, extension in files_of(SECONDARY):
            answer = desk.client("GV0001").get(f"/lop/{YEAR}/6A1/bieu-mau/{name}.{extension}")
            assert answer.status_code == 200, (name, extension)

    def test_leave_out_who_has_not_chosen_a_subject(self, db: None, sides: Sides) -> None:
        desk = Desk.of_school(sides, data=upper.data())
        desk.enter()
        for form in ("so-theo-doi.xlsx", "so-theo-doi.pdf", "phieu-diem-ca-nam.pdf"):
            answer = desk.client("GV0001").get(f"/lop/{YEAR}/{upper.CLASS}/bieu-mau/{form}")
            assert answer.status_code == 200, form

    def test_are_not_there_under_names_of_other_levels_and_unknown_ones(self, desk: Desk) -> None:
        for form in ("bang-tong-hop-cuoi-nam.pdf", "khac.pdf", "so-theo-doi.doc"):
            answer = desk.client("GV0001").get(f"/lop/{YEAR}/6A1/bieu-mau/{form}")
            assert answer.status_code == 404, form

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


class TestPrimaryForms:
    @pytest.mark.parametrize(("form", "extension"), files_of(PRIMARY))
    def test_are_made_of_what_was_entered(self, primary_desk: Desk, form: str, extension: str) -> None:
        primary_desk.enter()
        answer = primary_desk.client(primary.HOMEROOM).get(f"{FORMS_OF_3A}/{form}.{extension}")
        assert answer.status_code == 200
        assert answer.content[:4] == MAGIC[extension]
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{form}-3A-{YEAR}.{extension}"'

    @pytest.mark.parametrize(
        ("form", "rest"),
        [
            ("giua-hoc-ki-1", ["T"] * 9 + ["Đ"] * 15),
            ("cuoi-hoc-ki-1", EXAMINED + ["Đ"] * 15),
            ("giua-hoc-ki-2", ["T"] * 9 + ["Đ"] * 15),
            ("cuoi-nam", EXAMINED + ["T"] * 15 + [2, 0, "HTT", "x", "x", "Thư khen"]),
        ],
    )
    def test_say_what_stands_at_their_time(self, primary_desk: Desk, form: str, rest: list[object]) -> None:
        primary_desk.enter()
        answer = primary_desk.client("GV0001").get(f"{FORMS_OF_3A}/bang-tong-hop-{form}.xlsx")
        number, name, birth_date, *said = row_of(answer.content, 1)
        assert (number, name, birth_date) == (1, "Nguyễn Văn A", "16/07/2016")
        assert said == rest

    def test_are_made_before_anything_was_entered(self, primary_desk: Desk) -> None:
        for name, extension in files_of(PRIMARY):
            answer = primary_desk.client("GV0001").get(f"{FORMS_OF_3A}/{name}.{extension}")
            assert answer.status_code == 200, (name, extension)

    def test_go_to_the_same_people_as_every_form_of_a_class(self, primary_desk: Desk, sides: Sides) -> None:
        other = Desk.of_school(sides, "79000001")
        allowed = ADDRESSES["tracking_class_form"]["allowed"]
        address = f"{FORMS_OF_3A}/bang-tong-hop-cuoi-nam.xlsx"
        for who in PEOPLE:
            found = primary_desk.client(who).get(address).status_code
            assert found == (200 if who in allowed else 403), who
            page = primary_desk.client(who).get(f"/lop/{YEAR}/{primary.CLASS}/").content.decode()
            assert (f'href="{address}"' in page) is (who in allowed), who
            assert other.client(who).get(address).status_code in {403, 404}, who
        assert Client().get(address).status_code == 302

    def test_are_those_of_the_circular(self, primary_desk: Desk) -> None:
        client = primary_desk.client("GV0001")
        for form in ("so-theo-doi.pdf", "phieu-diem-ca-nam.pdf", "khac.pdf"):
            assert client.get(f"{FORMS_OF_3A}/{form}").status_code == 404, form

    def test_are_not_made_for_a_class_of_an_older_circular(self, primary_desk: Desk) -> None:
        with scope.acting_for(primary_desk.code):
            group = roster.get_class(primary_desk.code, YEAR, primary.CLASS)
            assert group is not None
            with pytest.raises(books.NotPrintableError, match="Thông tư 27/2020"):
                books.primary_summaries(replace(group, school_year="2020-2021"))

    def test_are_written_down(self, primary_desk: Desk) -> None:
        primary_desk.client("GV0003").get(f"{FORMS_OF_3A}/bang-tong-hop-giua-hoc-ki-1.xlsx")
        last = AuditEvent.objects.latest("id")
        assert (last.tag, last.by) == ("printing:form:made", f"{primary_desk.code}.gv0003")
        assert last.details == {"form": "bang-tong-hop-giua-hoc-ki-1"}


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
        assert names == {f"{name}-6A1-{YEAR}.{extension}" for name, extension in files_of(SECONDARY)}

    def test_writes_every_form_of_a_primary_school(self, primary_desk: Desk, tmp_path: Path) -> None:
        primary_desk.enter()
        call_command("class_forms", school=primary_desk.code, school_year=YEAR, out=tmp_path / "out")
        assert {path.name: path.read_bytes()[:4] for path in (tmp_path / "out").iterdir()} == {
            f"{name}-{primary.CLASS}-{YEAR}.{extension}": MAGIC[extension]
            for name, extension in files_of(PRIMARY)
        }

    def test_says_that_there_is_no_such_class(self, desk: Desk, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="Không có lớp"):
            call_command("class_forms", school=desk.code, school_year=YEAR, class_name="9Z", out=tmp_path)
        with scope.whole_site():
            assert not AuditEvent.objects.filter(tag="printing:form:made").exists()
