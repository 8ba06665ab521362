"""Sổ của giáo viên: what one teacher records, by class and term, as PDF and as workbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from hocba.documents import labels
from hocba.documents.forms import booklets, spreadsheets, wording
from hocba.documents.forms.booklets import Booklet, Cover
from hocba.documents.forms.class_book_subjects import mark_cells, mark_columns, regular_count
from hocba.documents.forms.tables import Column, Signature, Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocba.documents.class_record import SubjectSheet
    from hocba.documents.people import School, StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class TeacherBook:
    """The sheets of one teacher in a school year; `birth_dates` (ISO 8601, perhaps partial) by personal ID."""

    school: School
    school_year: str
    teacher: StaffMember
    sheets: tuple[SubjectSheet, ...]
    birth_dates: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def teacher_book_pdf(book: TeacherBook, *, at: datetime) -> bytes:
    """Cover and a list for every class and term (PDF/A-3a, PDF/UA-1); raises TypesettingError."""
    return booklets.pdf(booklet(book), at=at)


def teacher_book_xlsx(book: TeacherBook, *, at: datetime) -> bytes:
    """The same lists as a workbook."""
    return spreadsheets.workbook(booklet(book), at=at)


def booklet(book: TeacherBook) -> Booklet:
    """The pages: by class, subject and term, in the order of the sheets."""
    subjects = dict.fromkeys(sheet.subject_name for sheet in book.sheets)
    classes = dict.fromkeys(sheet.identity.class_name for sheet in book.sheets)
    title = f"Sổ theo dõi và đánh giá học sinh của giáo viên {book.teacher.name}"
    cover = Cover(
        issuer=book.school.name.upper(),
        title="SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH",
        subtitle="(CỦA GIÁO VIÊN)",
        lines=(
            *wording.school_lines(book.school),
            ("Giáo viên", book.teacher.name),
            ("Môn học", ", ".join(subjects)),
            ("Lớp", ", ".join(classes)),
            ("Năm học", labels.school_year(book.school_year)),
        ),
    )
    return Booklet(
        title=f"{title} – Năm học {labels.school_year(book.school_year)}",
        author=book.school.name,
        running=f"Sổ của giáo viên {book.teacher.name} – {labels.school_year(book.school_year)}",
        pages=(cover, *(_list(book, sheet) for sheet in book.sheets)),
    )


def _list(book: TeacherBook, sheet: SubjectSheet) -> Table:
    count = regular_count(sheet)
    term, class_name = wording.ROMAN[sheet.term], sheet.identity.class_name
    return Table(
        name=f"{class_name} – {sheet.subject_name} – HK {term}",
        title=f"LỚP {class_name} – {sheet.subject_name.upper()} – HỌC KÌ {term}",
        facts=(f"Giáo viên: {book.teacher.name} – Năm học {labels.school_year(book.school_year)}",),
        landscape=True,
        columns=(
            wording.NUMBER,
            Column(head=("Mã học sinh",), width=23),
            wording.pupil_name(48),
            Column(head=("Ngày sinh",), width=20),
            *mark_columns(sheet, count),
            Column(head=("Nhận xét",), share=1, left=True),
        ),
        rows=tuple(
            (
                number,
                row.pupil_code,
                row.name,
                labels.birth_date(book.birth_dates.get(row.personal_id, "")),
                *mark_cells(row, sheet, count),
                row.remark,
            )
            for number, row in enumerate(sheet.rows, start=1)
        ),
        empty="Không có học sinh học môn này.",
        signatures=(Signature(title="GIÁO VIÊN MÔN HỌC", hint=wording.SIGN, name=book.teacher.name),),
    )
