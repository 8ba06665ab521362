"""The pages of the subjects: marks or levels of a term, signed by all teachers of the subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.documents.forms import wording
from hocba.documents.forms.tables import Cell, Column, Signature, Table, mark

if TYPE_CHECKING:
    from hocba.documents.class_record import PupilMarks, SubjectSheet
    from hocba.documents.forms.class_book import ClassBook

COMMENT_COLUMNS: Final = 2  # TT 22/2021 Điều 6 khoản 2a
SCORE_COLUMNS: Final = 4  # the form has four; a cụm chuyên đề adds a fifth
_MARK: Final = 12.0
_SECOND_TERM: Final = 2
_OF_SECOND_TERM: Final = 2  # columns: the year, and after re-assessment


def subjects(book: ClassBook) -> tuple[Table, ...]:
    """A page for every subject and term, first the comment-only subjects, as in the book.

    All pages lie the same way: across when any of them has remarks, which need the room.
    """
    landscape = any(row.remark for sheet in book.sheets for row in sheet.rows)
    order = sorted(book.sheets, key=lambda sheet: (sheet.term, sheet.kind != "comment"))
    return tuple(subject_page(sheet, landscape=landscape) for sheet in order)


def subject_page(sheet: SubjectSheet, *, landscape: bool) -> Table:
    """The page of one subject and term."""
    identity = sheet.identity
    remarks = any(row.remark for row in sheet.rows)
    count = regular_count(sheet)
    return Table(
        name=f"{sheet.subject_name} – HK {wording.ROMAN[sheet.term]}",
        title=f"{sheet.subject_name.upper()} – HỌC KÌ {wording.ROMAN[sheet.term]}",
        facts=(wording.class_and_year(identity.class_name, identity.school_year),),
        landscape=landscape,
        columns=(
            wording.NUMBER,
            wording.pupil_name(56 if landscape else 0),
            *mark_columns(sheet, count),
            Column(
                head=("Nhận xét, ghi chú" if remarks else "Ghi chú",),
                width=0 if landscape else 24,
                share=1 if landscape else 0,
                left=True,
            ),
        ),
        rows=tuple(
            (number, row.name, *mark_cells(row, sheet, count), row.remark)
            for number, row in enumerate(sheet.rows, start=1)
        ),
        empty="Không có học sinh học môn này.",
        signatures=tuple(
            Signature(title="GIÁO VIÊN MÔN HỌC", hint=wording.SIGN, name=teacher.name)
            for teacher in sheet.teachers
        )
        or (Signature(title="GIÁO VIÊN MÔN HỌC", hint=wording.SIGN, name=""),),
    )


def regular_count(sheet: SubjectSheet) -> int:
    """How many columns of regular assessment the page has: those of the form, or more when there are more."""
    usual = COMMENT_COLUMNS if sheet.kind == "comment" else SCORE_COLUMNS
    return max([usual, *(len(row.regular) for row in sheet.rows)])


def mark_columns(sheet: SubjectSheet, count: int) -> tuple[Column, ...]:
    """Columns of the assessments and results of a sheet; the year's stand in the second term."""
    term = wording.ROMAN[sheet.term]
    columns = _comment_columns(term, count) if sheet.kind == "comment" else _score_columns(term, count)
    return tuple(columns if sheet.term == _SECOND_TERM else columns[:-_OF_SECOND_TERM])


def _comment_columns(term: str, count: int) -> list[Column]:
    group = "Mức đánh giá"
    return [
        *(Column(head=(group, "Thường xuyên", str(index)), width=_MARK) for index in range(1, count + 1)),
        Column(head=(group, "Giữa kì"), width=_MARK),
        Column(head=(group, "Cuối kì"), width=_MARK),
        Column(head=(group, f"Học kì {term}"), width=_MARK, bold=True),
        Column(head=(group, "Cả năm"), width=_MARK, bold=True),
        Column(head=("Mức đánh giá lại",), width=15),
    ]


def _score_columns(term: str, count: int) -> list[Column]:
    return [
        *(Column(head=("ĐĐGtx", str(index)), width=10.0) for index in range(1, count + 1)),
        Column(head=("ĐĐGgk",), width=13.5),
        Column(head=("ĐĐGck",), width=13.5),
        Column(head=(f"ĐTBmhk{term}",), width=18.5, bold=True),
        Column(head=("ĐTBmcn",), width=16.5, bold=True),
        Column(head=("Đánh giá lại",), width=14),
    ]


def mark_cells(row: PupilMarks, sheet: SubjectSheet, count: int) -> tuple[Cell, ...]:
    """The cells of those columns."""
    regular = row.regular + (None,) * (count - len(row.regular))
    marks = [*regular, row.midterm, row.final, row.term_result]
    if sheet.term == _SECOND_TERM:
        marks += [row.year_result, row.after_retest]
    return tuple(mark(each) for each in marks)
