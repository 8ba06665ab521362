from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import datetime
from functools import cache
from io import BytesIO

import openpyxl
import pytest
from openpyxl import Workbook

from hocba.documents.forms import spreadsheets
from hocba.documents.forms.booklets import Booklet
from hocba.documents.forms.class_book_form import booklet, class_book_xlsx
from hocba.documents.forms.tables import Column, Signature, Table, mark
from tests.factories.class_books import extreme_book, sample_book
from tests.unit.documents.forms.material import AT

TABLE = Table(
    name="Toán – HK I",
    title="TOÁN",
    facts=("Lớp 6A1",),
    columns=(
        Column(head=("TT",), width=8),
        Column(head=("Họ và tên",), width=40, left=True),
        Column(head=("Điểm", "GK"), width=12),
        Column(head=("Điểm", "CK"), width=12, turned=True),
        Column(head=("Nhận xét",), share=1, left=True),
    ),
    rows=((1, "Nguyễn Văn A", mark("8.0"), mark("CD"), "Tốt."),),
    signatures=(Signature(title="GIÁO VIÊN", hint="(Kí)", name="Trần Thị B"),),
)


def opened(*tables: Table) -> Workbook:
    data = spreadsheets.workbook(Booklet(title="Sổ", author="Trường", running="Lớp A&B", pages=tables), at=AT)
    return openpyxl.load_workbook(BytesIO(data))


def with_cell(text: str) -> Table:
    return replace(TABLE, rows=((1, text, "", "", ""),))


@cache
def sample() -> Workbook:
    return openpyxl.load_workbook(BytesIO(class_book_xlsx(sample_book(), at=AT)))


class TestWorkbook:
    def test_gives_the_same_bytes_whenever_it_is_made(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = Booklet(title="Sổ", author="Trường", running="", pages=(TABLE,))
        first = spreadsheets.workbook(made, at=AT)
        monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
        assert spreadsheets.workbook(made, at=AT) == first
        assert opened(TABLE).properties.modified == datetime(2025, 5, 30, 9, 0)
        with zipfile.ZipFile(BytesIO(first)) as archive:
            assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_has_a_sheet_for_every_table(self) -> None:
        wanted = booklet(sample_book()).tables
        assert len(sample().sheetnames) == len(wanted)
        for sheet, table in zip(sample().worksheets, wanted, strict=True):
            values = [cell.value for row in sheet.iter_rows() for cell in row]
            assert table.title in values
            for each in table.signatures:
                assert each.name in values

    def test_holds_every_cell_of_the_tables(self) -> None:
        for sheet, table in zip(sample().worksheets, booklet(sample_book()).tables, strict=True):
            first = int(sheet.print_title_rows.split("$")[-1]) + 1
            for number, row in enumerate(table.rows):
                found = [sheet.cell(first + number, column).value for column in range(1, len(row) + 1)]
                assert found == [float(cell) if not isinstance(cell, str) else cell or None for cell in row]

    @pytest.mark.parametrize(
        "text", ["=1+1", "+84900000000", "-5", "@SUM(A1)", "'x", '=HYPERLINK("http://a")']
    )
    def test_never_holds_a_formula(self, text: str) -> None:
        cell = opened(with_cell(text)).worksheets[0]["B6"]
        assert (cell.value, cell.data_type) == (text, "s")
        assert cell.quotePrefix

    def test_drops_letters_a_workbook_cannot_hold(self) -> None:
        assert opened(with_cell("A\x00\x0bB")).worksheets[0]["B6"].value == "AB"

    def test_keeps_marks_as_numbers_and_codes_as_texts(self) -> None:
        sheet = opened(replace(TABLE, rows=((1, "079313224404", mark("8.0"), mark("CD"), ""),))).worksheets[0]
        assert [sheet[f"{column}6"].value for column in "ABCD"] == [1, "079313224404", 8, "CĐ"]
        assert sheet["C6"].number_format == "0.0"

    def test_is_set_up_for_paper(self) -> None:
        for sheet, table in zip(sample().worksheets, booklet(sample_book()).tables, strict=True):
            assert sheet.page_setup.paperSize == 9
            assert sheet.page_setup.orientation == ("landscape" if table.landscape else "portrait")
            assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.oddFooter.right.text == "Trang &P/&N"

    def test_repeats_and_freezes_the_head(self) -> None:
        sheet = opened(TABLE).worksheets[0]
        assert sheet.print_title_rows == "$4:$5"
        assert sheet.freeze_panes == "C6"

    def test_merges_the_head_as_on_paper(self) -> None:
        sheet = opened(TABLE).worksheets[0]
        merged = {str(each) for each in sheet.merged_cells.ranges}
        assert {"A4:A5", "B4:B5", "C4:D4", "E4:E5"} <= merged
        assert sheet["D5"].alignment.textRotation == 90

    def test_doubles_the_sign_that_begins_a_code_in_the_footer(self) -> None:
        assert "A&&B" in (opened(TABLE).worksheets[0].oddFooter.left.text or "")

    def test_names_tabs_so_that_they_can_be_opened(self) -> None:
        long = replace(TABLE, name="Hoạt động trải nghiệm, hướng nghiệp – HK I: [a/b]*?")
        names = opened(long, long, replace(TABLE, name="''")).sheetnames
        assert len(set(names)) == 3
        assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)

    def test_makes_rows_as_high_as_their_longest_text(self) -> None:
        short, long = (
            opened(replace(TABLE, rows=((1, "A", "", "", "Em có tiến bộ. " * times),))).worksheets[0]
            for times in (1, 66)
        )
        assert short.row_dimensions[6].height < 25
        assert long.row_dimensions[6].height > 120

    def test_keeps_every_row_within_what_excel_can_show(self) -> None:
        made = openpyxl.load_workbook(BytesIO(class_book_xlsx(extreme_book(pupils=5), at=AT)))
        heights = [
            row.height for sheet in made.worksheets for row in sheet.row_dimensions.values() if row.height
        ]
        assert 200 < max(heights) < 409
