from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from hocba.documents.forms import teacher_book
from hocba.documents.forms.class_book import ClassBook
from hocba.documents.forms.teacher_book import TeacherBook, teacher_book_pdf, teacher_book_xlsx
from tests.factories.class_books import extreme_book, sample_book
from tests.unit.documents.forms import printed
from tests.unit.documents.forms.material import AT


def of(book: ClassBook, code: str) -> TeacherBook:
    sheets = tuple(sheet for sheet in book.sheets if sheet.subject_code == code)
    return TeacherBook(
        school=book.school,
        school_year=book.school_year,
        teacher=sheets[0].teachers[0],
        sheets=sheets,
        birth_dates={each.pupil.personal_id: each.pupil.birth_date for each in book.pupils},
    )


class TestBooklet:
    def test_lists_the_class_by_term_with_codes_and_birth_dates(self) -> None:
        book = of(sample_book(), "TOAN")
        first, second = teacher_book.booklet(book).tables
        assert first.title == "LỚP 6A1 – TOÁN – HỌC KÌ I"
        row = book.sheets[0].rows[0]
        assert first.rows[0][:4] == (1, row.pupil_code, row.name, "16/07/2013")
        assert len(second.columns) == len(first.columns) + 2

    def test_prints_no_birth_date_that_is_not_known(self) -> None:
        book = of(sample_book(), "TOAN")
        bare = TeacherBook(
            school=book.school, school_year=book.school_year, teacher=book.teacher, sheets=book.sheets
        )
        assert {row[3] for row in teacher_book.booklet(bare).tables[0].rows} == {""}

    def test_becomes_a_workbook(self) -> None:
        made = openpyxl.load_workbook(BytesIO(teacher_book_xlsx(of(sample_book(), "GDTC"), at=AT)))
        assert made.sheetnames == ["6A1 – Giáo dục thể chất – HK I", "6A1 – Giáo dục thể chất – HK II"]


@pytest.mark.external
@printed.needs_poppler
class TestPdf:
    @pytest.mark.parametrize(
        "book", [of(sample_book(), "TOAN"), of(sample_book(), "GDTC"), of(extreme_book(pupils=55), "MON5")]
    )
    def test_nothing_overflows_and_nothing_is_lost(self, book: TeacherBook) -> None:
        pdf = teacher_book_pdf(book, at=AT)
        assert printed.flaws(pdf) == []
        told = printed.letters(pdf)
        for sheet in book.sheets:
            remarks = "".join(row.remark for row in sheet.rows)
            assert told.count("Ẵ") >= remarks.count("Ẵ")
            for row in sheet.rows:
                if len(row.remark) < 200:
                    assert printed.squeezed(row.remark) in told
                assert printed.squeezed(row.name) in told
