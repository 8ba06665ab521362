"""The forms of a class: their names in addresses and files, their titles, and who makes the bytes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from hocba.documents import forms
from hocba.regulations.circular27 import rules
from hocba.tracking.gradebook import queries as gradebook
from hocba.tracking.printing import books

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from hocba.documents.forms import PrimarySummary
    from hocba.tracking.roster import queries as roster

PDF: Final = "pdf"
EXCEL: Final = "xlsx"
CONTENT_TYPES: Final = {
    PDF: "application/pdf",
    EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form; `makers` give the bytes by extension, from the values it prints and the time of printing (`at`)."""

    title: str
    makers: Mapping[str, Callable[..., bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The forms of classes of one kind by name; `values` gives what all of them print, or NotPrintableError."""

    values: Callable[[roster.Class], object]
    by_name: Mapping[str, Form]


def _at_time(
    maker: Callable[..., bytes], time: int, summaries: tuple[PrimarySummary, ...], *, at: datetime
) -> bytes:
    return maker(summaries[time], at=at)


def _primary_summary(time: int) -> Form:
    return Form(
        title=f"Bảng tổng hợp kết quả đánh giá giáo dục {rules.TIMES[time]}",
        makers={
            PDF: partial(_at_time, forms.primary_summary_pdf, time),
            EXCEL: partial(_at_time, forms.primary_summary_xlsx, time),
        },
    )


_SECONDARY: Final[dict[str, Form]] = {
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

_PRIMARY_NAMES: Final = ("giua-hoc-ki-1", "cuoi-hoc-ki-1", "giua-hoc-ki-2", "cuoi-nam")
"""Names of the times of `rules.TIMES`, as addresses and files have them."""

SECONDARY: Final = Forms(values=books.class_book, by_name=_SECONDARY)
PRIMARY: Final = Forms(
    values=books.primary_summaries,
    by_name={f"bang-tong-hop-{name}": _primary_summary(time) for time, name in enumerate(_PRIMARY_NAMES)},
)

TEACHER_BOOK: Final = Form(
    title="Sổ của giáo viên", makers={PDF: forms.teacher_book_pdf, EXCEL: forms.teacher_book_xlsx}
)


def forms_of(group: roster.Class) -> Forms:
    """The forms there are for a class: those of its circular."""
    return PRIMARY if gradebook.is_primary(group) else SECONDARY


def list_forms(group: roster.Class) -> list[tuple[str, str, list[str]]]:
    """Name, title and extensions of the forms there are for a class."""
    return [(name, form.title, list(form.makers)) for name, form in forms_of(group).by_name.items()]
