from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from hocba.documents import labels
from hocba.documents.forms import class_book_form
from hocba.documents.forms.class_book import AbsentDay, ClassBook, Inspection
from hocba.documents.forms.class_book_form import class_book_pdf
from hocba.documents.forms.tables import Cell, Table
from tests.factories.class_books import extreme_book, sample_book
from tests.unit.documents.forms import printed
from tests.unit.documents.forms.material import AT


def usual() -> ClassBook:
    return sample_book()


def electives() -> ClassBook:
    return sample_book("10A1", "thpt")


def bare() -> ClassBook:
    return replace(sample_book(), sheets=(), terms=(), year=None)


def small() -> ClassBook:
    return extreme_book(pupils=6, subjects=17)


@cache
def pdf_of(make: Callable[[], ClassBook]) -> bytes:
    return class_book_pdf(make(), at=AT)


def tables_of(book: ClassBook) -> dict[str, Table]:
    return {table.name: table for table in class_book_form.booklet(book).tables}


def row_of(table: Table, name: str) -> dict[str, Cell]:
    row = next(row for row in table.rows if name in row)
    return {" ".join(column.head): cell for column, cell in zip(table.columns, row, strict=True)}


@pytest.mark.external
@printed.needs_poppler
class TestPrintedBook:
    @pytest.mark.parametrize("make", [usual, electives, bare, small])
    def test_nothing_overflows_overlaps_or_leaves_the_page(self, make: Callable[[], ClassBook]) -> None:
        pages = printed.pages(pdf_of(make))
        assert sum(len(page.rules) for page in pages) > 10 * len(pages)
        assert printed.flaws(pdf_of(make)) == []

    @pytest.mark.slow
    def test_nothing_overflows_with_too_much_of_everything(self) -> None:
        book = extreme_book(pupils=55, subjects=17)
        pdf = class_book_pdf(book, at=AT)
        assert printed.flaws(pdf) == []
        _assert_whole(book, pdf)

    @pytest.mark.parametrize("make", [usual, electives])
    def test_names_and_remarks_are_whole(self, make: Callable[[], ClassBook]) -> None:
        told = printed.letters(pdf_of(make))
        book = make()
        for sheet in book.sheets:
            for row in sheet.rows:
                assert printed.squeezed(row.remark) in told
        for row in book.year_rows().values():
            assert printed.squeezed(row.homeroom_remark) in told
        # Every list names every pupil: particulars twice, nine months, subjects, sums.
        for each in book.pupils:
            taken = sum(
                each.pupil.personal_id in {row.personal_id for row in sheet.rows} for sheet in book.sheets
            )
            assert told.count(printed.squeezed(each.pupil.name)) >= 2 + 9 + taken + 5

    def test_no_letter_of_a_long_remark_is_lost(self) -> None:
        _assert_whole(small(), pdf_of(small))

    def test_the_head_of_a_table_stands_on_every_page_of_it(self) -> None:
        for page in printed.pages(pdf_of(usual))[7:]:
            texts = [word.text for word in page.words]
            assert "TT" in texts or "Tháng" in texts or "(Kí," in texts[:8]

    def test_pages_of_marks_lie_across_and_the_cover_stands(self) -> None:
        pages = printed.pages(pdf_of(usual))
        assert [page.width > page.height for page in (pages[0], pages[7], pages[-1])] == [False, True, False]

    def test_marks_have_a_comma(self) -> None:
        told = printed.letters(pdf_of(usual))
        assert "10,0" in told
        assert "10.0" not in told


def _assert_whole(book: ClassBook, pdf: bytes) -> None:
    told = printed.letters(pdf)
    remarks = "".join(row.remark for sheet in book.sheets for row in sheet.rows)
    assert told.count("Ẵ") == remarks.count("Ẵ") > 1000
    names = sum(set(each.pupil.name) == {"W"} for each in book.pupils)
    shown = {each.pupil.personal_id: 2 + 9 + 3 + 2 for each in book.pupils}
    for sheet in book.sheets:
        for row in sheet.rows:
            shown[row.personal_id] += 1
    wide = sum(40 * shown[each.pupil.personal_id] for each in book.pupils if set(each.pupil.name) == {"W"})
    assert names
    assert told.count("W") == remarks.count("W") + wide


class TestBooklet:
    def test_has_every_part_of_the_form_in_its_order(self) -> None:
        names = list(tables_of(usual()))
        assert names[:4] == ["Bìa lót", "Sơ yếu lí lịch (1)", "Sơ yếu lí lịch (2)", "Chuyên cần 09-2024"]
        assert names[11:14] == ["Chuyên cần 05-2025", "Giáo dục thể chất – HK I", "Nghệ thuật – HK I"]
        assert names[-6:] == [
            "Tổng hợp HK I", "Tổng hợp HK II", "Tổng hợp cả năm", "Xếp loại cả năm", "Nhận xét của GVCN",
            "Nhận xét của Hiệu trưởng",
        ]  # fmt: skip
        assert len(names) == 3 + 9 + 24 + 6

    def test_comes_out_the_same_every_time(self) -> None:
        assert class_book_pdf(bare(), at=AT) == pdf_of(bare)


class TestAttendance:
    def test_leaves_an_empty_grid_when_days_are_not_kept(self) -> None:
        table = tables_of(usual())["Chuyên cần 02-2025"]
        assert len(table.columns) == 2 + 28 + 3
        assert {cell for row in table.rows for cell in row[2:]} == {""}

    def test_marks_days_and_adds_them(self) -> None:
        pupil = usual().pupils[2].pupil
        days = [(3, True), (4, False), (28, True)]
        absences = tuple(
            AbsentDay(personal_id=pupil.personal_id, day=date(2025, 2, day), excused=excused)
            for day, excused in days
        )
        table = tables_of(replace(usual(), absences=absences))["Chuyên cần 02-2025"]
        row = list(row_of(table, pupil.name).values())
        assert [row[1 + day] for day, _ in days] == ["P", "K", "P"]
        assert row[-3:] == [3, 2, 1]
        assert table.rows[0][-3:] == (0, 0, 0)

    def test_names_the_day_of_the_week_and_shades_sundays(self) -> None:
        columns = tables_of(usual())["Chuyên cần 09-2024"].columns[2:32]
        assert [column.head[-1] for column in columns[:7]] == ["CN", "T2", "T3", "T4", "T5", "T6", "T7"]
        assert [column.shaded for column in columns[:8]] == [True] + [False] * 6 + [True]

    def test_has_a_page_for_any_month_somebody_was_absent(self) -> None:
        absent = AbsentDay(
            personal_id=usual().pupils[0].pupil.personal_id, day=date(2024, 8, 26), excused=True
        )
        assert "Chuyên cần 08-2024" in tables_of(replace(usual(), absences=(absent,)))


class TestSubjects:
    def test_show_every_mark_of_the_sheet(self) -> None:
        sheet = usual().sheet("TOAN", 2)
        assert sheet is not None
        row = sheet.rows[3]
        cells = list(row_of(tables_of(usual())["Toán – HK II"], row.name).values())
        marks = [*row.regular, row.midterm, row.final, row.term_result, row.year_result]
        assert [labels.mark(str(cell)) for cell in cells[2:10]] == [labels.mark(mark) for mark in marks]
        assert cells[10:] == ["", row.remark]

    def test_of_the_first_term_have_no_year(self) -> None:
        heads = [column.head[-1] for column in tables_of(usual())["Toán – HK I"].columns]
        assert "ĐTBmhkI" in heads
        assert "ĐTBmcn" not in heads

    def test_are_signed_by_all_teachers(self) -> None:
        first, *rest = usual().sheets
        teachers = (*first.teachers, *rest[0].teachers)
        table = tables_of(replace(usual(), sheets=(replace(first, teachers=teachers), *rest)))[
            "Ngữ văn – HK I"
        ]
        assert [each.name for each in table.signatures] == [teacher.name for teacher in teachers]

    def test_stand_upright_when_nobody_remarked_anything(self) -> None:
        silent = tuple(
            replace(sheet, rows=tuple(replace(row, remark="") for row in sheet.rows))
            for sheet in usual().sheets
        )
        table = tables_of(replace(usual(), sheets=silent))["Toán – HK II"]
        assert not table.landscape
        assert table.columns[-1].head == ("Ghi chú",)

    def test_have_a_column_for_a_fifth_mark(self) -> None:
        table = next(table for name, table in tables_of(small()).items() if "số 7 – HK I" in name)
        assert [column.head[-1] for column in table.columns[2:7]] == ["1", "2", "3", "4", "5"]


class TestSums:
    def test_tell_who_does_not_take_a_subject_from_who_has_no_result(self) -> None:
        first, *rest = usual().sheets
        without, unknown, *others = first.rows
        sheet = replace(first, rows=(replace(unknown, term_result=None), *others))
        table = tables_of(replace(usual(), sheets=(sheet, *rest)))["Tổng hợp HK I"]
        heads = [column.head[-1] for column in table.columns]
        column = heads.index(first.subject_name)
        assert without.name in table.rows[0]
        assert [row[column] for row in table.rows[:2]] == ["–", ""]
        assert {type(row[column]) for row in table.rows[2:]} == {Decimal}

    def test_show_levels_of_term_and_year(self) -> None:
        book = usual()
        for number, each in enumerate(book.pupils):
            term = book.term_rows(1)[each.pupil.personal_id]
            year = book.year_rows()[each.pupil.personal_id]
            shown = tables_of(book)["Tổng hợp HK I"].rows[number]
            assert shown[-2:] == (labels.level(term.learning), labels.level(term.conduct))
            shown = tables_of(book)["Tổng hợp cả năm"].rows[number]
            assert shown[-2:] == (labels.level(year.learning), labels.level(year.conduct))

    def test_tick_decisions_and_count_them(self) -> None:
        book = usual()
        assert book.year is not None
        outcomes = ["PROMOTED", "RETAINED", "RETEST", "SUMMER_TRAINING", None]
        rows = [
            replace(row, promotion=outcome) for row, outcome in zip(book.year.rows, outcomes, strict=False)
        ]
        rows.append(replace(book.year.rows[5], promotion="PROMOTED", learning_after_retest="DAT", title=None))
        table = tables_of(replace(book, year=replace(book.year, rows=tuple(rows))))["Xếp loại cả năm"]
        ticks = [(row[9], row[10], row[12]) for row in table.rows[:6]]
        assert ticks == [
            ("x", "", ""), ("", "x", ""), ("", "", "Đánh giá lại môn học trong kì nghỉ hè"),
            ("", "", "Rèn luyện trong kì nghỉ hè"), ("", "", ""), ("x", "", ""),
        ]  # fmt: skip
        assert "Tổng số học sinh: 6. Được lên lớp: 2, trong đó" in table.notes[0]
        assert (
            "đánh giá lại môn học: 1. Không được lên lớp: 1. Chưa có kết quả cuối cùng: 3." in table.notes[0]
        )

    def test_hold_the_principals_remarks_by_month(self) -> None:
        inspection = Inspection(month=10, remark="Ghi sổ đầy đủ.", signer="Hồ Công Trí")
        table = tables_of(replace(usual(), inspections=(inspection,)))["Nhận xét của Hiệu trưởng"]
        assert [row[0] for row in table.rows] == [
            f"Tháng {month}" for month in (9, 10, 11, 12, 1, 2, 3, 4, 5)
        ]
        assert table.rows[1][1:] == ("Ghi sổ đầy đủ.", "Hồ Công Trí")
