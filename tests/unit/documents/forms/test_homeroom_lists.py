from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from hocba.documents.class_record import PupilYear
from hocba.documents.forms import homeroom_lists
from hocba.documents.forms.class_book import ClassBook
from hocba.documents.forms.homeroom_lists import homeroom_lists_pdf, homeroom_lists_xlsx
from hocba.documents.forms.tables import Table
from tests.factories.class_books import extreme_book, sample_book
from tests.unit.documents.forms import printed
from tests.unit.documents.forms.material import AT, DAY

OUTCOMES: tuple[dict[str, Any], ...] = (
    {"promotion": "RETAINED", "title": None},
    {"promotion": "RETEST", "title": None},
    {"promotion": "SUMMER_TRAINING", "title": None},
    {"promotion": None, "title": None},
    {"promotion": "PROMOTED", "title": None, "learning": "CHUA_DAT", "learning_after_retest": "DAT"},
    {"promotion": "PROMOTED", "title": None, "conduct": "CHUA_DAT", "conduct_after_summer": "KHA"},
    {"promotion": "PROMOTED", "title": "GIOI"},
    {"promotion": "PROMOTED", "title": "XUAT_SAC"},
)


def every_outcome() -> ClassBook:
    book = sample_book()
    assert book.year is not None
    rows: list[PupilYear] = [
        replace(row, **outcome) for row, outcome in zip(book.year.rows, OUTCOMES, strict=False)
    ]
    return replace(book, year=replace(book.year, rows=tuple(rows)))


def tables_of(book: ClassBook) -> dict[str, Table]:
    return {table.name: table for table in homeroom_lists.booklet(book, dated=DAY, authority="").tables}


class TestBooklet:
    def test_puts_every_pupil_on_the_right_list(self) -> None:
        book = every_outcome()
        codes = [each.pupil.code for each in book.pupils]
        found = {name: [row[1] for row in table.rows] for name, table in tables_of(book).items()}
        assert found == {
            "Được lên lớp": codes[4:8],
            "Không được lên lớp": codes[:1],
            "Đánh giá lại môn học": codes[1:2],
            "Rèn luyện hè": codes[2:3],
            "Khen thưởng": [codes[7], codes[6]],
            "Chưa đủ kết quả": codes[3:4],
        }

    def test_says_what_a_promotion_came_after_and_shows_the_new_level(self) -> None:
        rows = tables_of(every_outcome())["Được lên lớp"].rows
        assert [row[-1] for row in rows] == [
            "Sau đánh giá lại môn học", "Sau rèn luyện trong kì nghỉ hè", "", "",
        ]  # fmt: skip
        assert rows[0][6] == "Đạt"
        assert rows[1][5] == "Khá"

    def test_names_the_subjects_of_a_re_assessment_with_their_results(self) -> None:
        book = sample_book()
        rows = tables_of(book)["Đánh giá lại môn học"].rows
        names = {row[2]: str(row[-1]) for row in rows}
        for key, year in book.year_rows().items():
            if year.promotion == "RETEST":
                for code, _name, _kind in book.subjects:
                    result = book.marks(2)[code][key].year_result or ""
                    below = result == "CD" or (result[:1].isdigit() and float(result) < 5)
                    shown = f"({result.replace('.', ',').replace('CD', 'CĐ')})"
                    assert (f"{_name} {shown}" in names[year.name]) == below
        assert names

    def test_has_an_empty_list_that_says_so(self) -> None:
        table = tables_of(sample_book())["Rèn luyện hè"]
        assert (table.rows, table.empty, table.notes) == ((), "Không có học sinh.", ())

    def test_bears_the_day_or_dots(self) -> None:
        assert tables_of(sample_book())["Khen thưởng"].dated.endswith("ngày 30 tháng 05 năm 2025")
        undated = homeroom_lists.booklet(sample_book(), dated=None, authority="").tables[0].dated
        assert undated.endswith("ngày …… tháng …… năm 20……")

    def test_becomes_a_workbook_with_a_sheet_for_every_list(self) -> None:
        data = homeroom_lists_xlsx(every_outcome(), at=AT, dated=DAY, authority="UBND Phường Gò Vấp")
        made = openpyxl.load_workbook(BytesIO(data))
        assert made.sheetnames == list(tables_of(every_outcome()))
        values = [cell.value for row in made.worksheets[0].iter_rows() for cell in row]
        assert {"UBND PHƯỜNG GÒ VẤP", "Độc lập – Tự do – Hạnh phúc", "Danh sách gồm 4 học sinh."} <= set(
            values
        )


@pytest.mark.external
@printed.needs_poppler
class TestPdf:
    @pytest.mark.parametrize("book", [sample_book(), every_outcome(), extreme_book(pupils=55)])
    def test_nothing_overflows_and_everybody_is_there(self, book: ClassBook) -> None:
        pdf = homeroom_lists_pdf(book, at=AT, dated=DAY, authority="UBND Phường Gò Vấp")
        assert printed.flaws(pdf) == []
        told = printed.letters(pdf)
        for row in book.year_rows().values():
            assert printed.squeezed(row.name) in told
