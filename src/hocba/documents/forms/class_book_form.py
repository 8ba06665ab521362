"""The book of a class (sổ theo dõi và đánh giá học sinh theo lớp học) as PDF and as workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents.forms import booklets, spreadsheets, wording
from hocba.documents.forms import class_book_front as front
from hocba.documents.forms import class_book_results as results
from hocba.documents.forms.booklets import Booklet
from hocba.documents.forms.class_book_attendance import attendance
from hocba.documents.forms.class_book_subjects import subjects

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.documents.forms.class_book import ClassBook


def class_book_pdf(book: ClassBook, *, at: datetime) -> bytes:
    """The whole book, cover to principal's remarks (PDF/A-3a, PDF/UA-1); `at` is the time of printing.

    Raises TypesettingError for a letter that the font cannot print.
    """
    return booklets.pdf(booklet(book), at=at)


def class_book_xlsx(book: ClassBook, *, at: datetime) -> bytes:
    """The tables of the book as a workbook, a sheet each, set up for printing."""
    return spreadsheets.workbook(booklet(book), at=at)


def booklet(book: ClassBook) -> Booklet:
    """The pages of the book in the order of the form."""
    about = wording.class_and_year(book.class_name, book.school_year)
    remarks = any(row.homeroom_remark for row in book.year_rows().values())
    return Booklet(
        title=f"Sổ theo dõi và đánh giá học sinh – {about}",
        author=book.school.name,
        running=f"Sổ theo dõi và đánh giá học sinh – {about}",
        pages=(
            front.cover(book),
            front.guidance(),
            front.inner_cover(book),
            *front.particulars(book),
            *attendance(book),
            *subjects(book),
            results.term_summary(book, 1),
            results.term_summary(book, 2),
            results.year_summary(book),
            results.year_levels(book),
            *((results.homeroom_remarks(book),) if remarks else ()),
            results.inspections(book),
        ),
    )
