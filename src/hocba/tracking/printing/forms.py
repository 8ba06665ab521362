"""The forms of a class: their names in addresses and files, their titles, and who makes the bytes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from hocba.documents import forms
from hocba.tracking.gradebook import queries as gradebook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hocba.tracking.roster import queries as roster

PDF: Final = "pdf"
EXCEL: Final = "xlsx"
CONTENT_TYPES: Final = {
    PDF: "application/pdf",
    EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of a class; `makers` give the bytes by extension, from a `ClassBook` and the time of printing."""

    title: str
    makers: Mapping[str, Callable[..., bytes]]


FORMS: Final[dict[str, Form]] = {
    "so-theo-doi": Form(
        title="Sổ theo dõi và đánh giá học sinh",
        makers={PDF: forms.class_book_pdf, EXCEL: forms.class_book_xlsx},
    ),
    "danh-sach-cuoi-nam": Form(
        title="Danh sách lên lớp, đánh giá lại, rèn luyện trong hè, danh hiệu",
        makers={PDF: forms.homeroom_lists_pdf, EXCEL: forms.homeroom_lists_xlsx},
    ),
    "phieu-diem-hoc-ki-1": Form(
        title="Phiếu điểm học kì I", makers={PDF: partial(forms.report_slips_pdf, term=1)}
    ),
    "phieu-diem-hoc-ki-2": Form(
        title="Phiếu điểm học kì II", makers={PDF: partial(forms.report_slips_pdf, term=2)}
    ),
    "phieu-diem-ca-nam": Form(
        title="Phiếu điểm cả năm", makers={PDF: partial(forms.report_slips_pdf, term=None)}
    ),
}

TEACHER_BOOK: Final = Form(
    title="Sổ của giáo viên", makers={PDF: forms.teacher_book_pdf, EXCEL: forms.teacher_book_xlsx}
)


def list_forms(group: roster.Class) -> list[tuple[str, str, list[str]]]:
    """Name, title and extensions of the forms there are for a class."""
    if gradebook.is_primary(group):
        return []
    return [(name, form.title, list(form.makers)) for name, form in FORMS.items()]
