"""Phiếu điểm for parents: a page a pupil, of a term or of the year (Quy chế Điều 22 khoản 8).

Every pupil begins a new page, so that each family is given its own and nothing of others.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hocba.documents import labels, lettering
from hocba.documents.forms import booklets, tables, wording
from hocba.documents.forms.tables import Cell, Column, Letterhead, Signature, Table, mark
from hocba.documents.pdf.typesetting import typesetter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from hocba.documents.class_record import PupilMarks
    from hocba.documents.forms.class_book import ClassBook
    from hocba.documents.people import Pupil

LAYOUT: Final = "phieu_diem.typ"
SCALES: Final = (1.0, 0.94, 0.88, 0.82, 0.77)
"""Sizes that are tried so that a slip stays on one page."""

_REGULAR: Final = 4


def report_slips_pdf(
    book: ClassBook,
    *,
    term: int | None,
    at: datetime,
    personal_ids: Sequence[str] | None = None,
    remarks: Mapping[str, str] = MappingProxyType({}),
    dated: date | None = None,
    authority: str = "",
) -> bytes:
    """Slips of a class in its order (PDF/A-3a, PDF/UA-1).

    Args:
        term: 1, 2, or None for the year.
        at: time of printing.
        personal_ids: whose slips; all pupils of the class without it.
        remarks: the homeroom teacher's words by personal ID; for the year those of the year record stand in.
        dated: the day the slips bear.
        authority: the superior authority above the school's name.

    Raises:
        KeyError: somebody in `personal_ids` is not in the class.
        ValueError: there is nobody to print a slip for.
        TypesettingError: a letter that the font cannot print.
    """
    pupils = {each.pupil.personal_id: each.pupil for each in book.pupils}
    chosen = list(pupils.values()) if personal_ids is None else [pupils[key] for key in personal_ids]
    if not chosen:
        raise ValueError("no pupils to print slips for")
    slips: _Slips = _YearSlips(book, remarks) if term is None else _TermSlips(book, remarks, term)
    about = wording.class_and_year(book.class_name, book.school_year)
    title = f"Phiếu điểm {slips.period} – {about}"
    data = booklets.shell(title=title, author=book.school.name, running=title, at=at)
    signature_room = tables.room(landscape=False) / 3 - 4
    data |= {
        "scales": SCALES,
        "letterhead": booklets.letterhead_data(Letterhead(authority=authority, school=book.school.name)),
        "heading": f"PHIẾU ĐIỂM {slips.period.upper()}",
        "about": about,
        "dated": wording.place_and_date(book.school, dated),
        "signatures": [booklets.signature_data(each, signature_room) for each in _signatures(book)],
        "slips": [_slip(slips, pupil, title) for pupil in chosen],
    }
    return typesetter(LAYOUT).pdf(json.dumps(data, ensure_ascii=False), created_at=at)


def _signatures(book: ClassBook) -> tuple[Signature, ...]:
    parents = Signature(title="CHA MẸ (NGƯỜI GIÁM HỘ)", hint=wording.SIGN, name="")
    return parents, wording.homeroom(book.homeroom_teacher), wording.principal(book.principal)


def _slip(slips: _Slips, pupil: Pupil, title: str) -> dict[str, Any]:
    width = tables.room(landscape=False)
    facts = (
        f"Mã học sinh: {pupil.code}",
        f"Ngày sinh: {labels.birth_date(pupil.birth_date)}",
        f"Giới tính: {labels.SEXES[pupil.sex]}",
    )
    return {
        "name": lettering.fitted(f"Họ và tên: {pupil.name}", width, 11, bold=True),
        "particulars": " – ".join(facts),
        "table": booklets.table_data(slips.table(pupil)),
        "results": [lettering.fitted(line, width, 10.5) for line in slips.results(pupil)],
        "remark": lettering.fitted(slips.remark(pupil), width - 5, 10.5),
        "footer": lettering.fitted(f"{title} – {pupil.name}", width - 50, 7.5),
    }


class _Slips(ABC):
    """What slips of any period have in common."""

    period = ""

    def __init__(self, book: ClassBook, remarks: Mapping[str, str]) -> None:
        self.book, self._remarks = book, remarks
        self.year = book.year_rows()

    def remark(self, pupil: Pupil) -> str:
        """What the homeroom teacher says."""
        return self._remarks.get(pupil.personal_id, "")

    @abstractmethod
    def table(self, pupil: Pupil) -> Table:
        """The subjects of the pupil."""

    @abstractmethod
    def results(self, pupil: Pupil) -> list[str]:
        """The lines below the table."""

    def _table(self, columns: Sequence[Column], rows: Sequence[tuple[Cell, ...]]) -> Table:
        return Table(
            name="Phiếu điểm",
            title="",
            columns=(
                wording.NUMBER,
                Column(head=("Môn học, hoạt động giáo dục",), width=38, left=True),
                *columns,
                Column(head=("Nhận xét của giáo viên môn học",), share=1, left=True),
            ),
            rows=tuple((number, *row) for number, row in enumerate(rows, start=1)),
            size=10,
            row_height=5.4,
            empty="Chưa có kết quả môn học.",
        )


class _TermSlips(_Slips):
    def __init__(self, book: ClassBook, remarks: Mapping[str, str], term: int) -> None:
        super().__init__(book, remarks)
        self.period = f"học kì {wording.ROMAN[term]}"
        self._term = term
        self._rows = book.term_rows(term)
        self._marks = book.marks(term)
        self._count = max(
            [_REGULAR, *(len(row.regular) for rows in self._marks.values() for row in rows.values())]
        )

    def table(self, pupil: Pupil) -> Table:
        group = "Đánh giá thường xuyên"
        columns = [Column(head=(group, str(index)), width=9) for index in range(1, self._count + 1)]
        columns += [Column(head=("Giữa kì",), width=11), Column(head=("Cuối kì",), width=11)]
        columns += [Column(head=("Kết quả học kì",), width=14, bold=True)]
        rows = [
            (name, *self._cells(self._marks[code][pupil.personal_id]))
            for code, name, _kind in self.book.subjects
            if pupil.personal_id in self._marks.get(code, {})
        ]
        return self._table(columns, rows)

    def _cells(self, row: PupilMarks) -> tuple[Cell, ...]:
        regular = row.regular + (None,) * (self._count - len(row.regular))
        marks = (*regular, row.midterm, row.final, row.term_result)
        return (*(mark(each) for each in marks), row.remark)

    def results(self, pupil: Pupil) -> list[str]:
        row = self._rows.get(pupil.personal_id)
        if row is None:
            return ["Kết quả học tập, kết quả rèn luyện: chưa có."]
        return [f"Kết quả học tập: {_or_none(row.learning)} – Kết quả rèn luyện: {_or_none(row.conduct)}."]


class _YearSlips(_Slips):
    period = "cả năm"

    def __init__(self, book: ClassBook, remarks: Mapping[str, str]) -> None:
        super().__init__(book, remarks)
        self._marks = (book.marks(1), book.marks(2))

    def remark(self, pupil: Pupil) -> str:
        row = self.year.get(pupil.personal_id)
        return super().remark(pupil) or (row.homeroom_remark if row else "")

    def table(self, pupil: Pupil) -> Table:
        columns = [
            Column(head=("Học kì I",), width=12),
            Column(head=("Học kì II",), width=12),
            Column(head=("Cả năm",), width=12, bold=True),
            Column(head=("Đánh giá lại",), width=14),
        ]
        rows = []
        for code, name, _kind in self.book.subjects:
            first, second = (marks.get(code, {}).get(pupil.personal_id) for marks in self._marks)
            if first or second:
                rows.append((name, *_year_cells(first, second)))
        return self._table(columns, rows)

    def results(self, pupil: Pupil) -> list[str]:
        row = self.year.get(pupil.personal_id)
        if row is None:
            return ["Kết quả cả năm: chưa có."]
        excused, unexcused = row.absences_excused, row.absences_unexcused
        lines = [
            f"Kết quả học tập: {_or_none(row.learning)} – Kết quả rèn luyện: {_or_none(row.conduct)}.",
            f"Tổng số buổi nghỉ học: {excused + unexcused} (có phép: {excused}, không phép: {unexcused}).",
        ]
        after = [
            f"{label}: {labels.level(level)}"
            for label, level in (
                ("Kết quả học tập sau đánh giá lại", row.learning_after_retest),
                ("Kết quả rèn luyện sau kì nghỉ hè", row.conduct_after_summer),
            )
            if level
        ]
        lines += [f"{' – '.join(after)}."] if after else []
        lines += [f"{labels.promotion(row.promotion)}."] if row.promotion else []
        return lines + ([f"Khen thưởng: {labels.title(row.title)}."] if row.title else [])


def _year_cells(first: PupilMarks | None, second: PupilMarks | None) -> tuple[Cell, ...]:
    remark = "\n".join(row.remark for row in (first, second) if row and row.remark)
    return (
        mark(first.term_result if first else None),
        mark(second.term_result if second else None),
        mark(second.year_result if second else None),
        mark(second.after_retest if second else None),
        remark,
    )


def _or_none(level: str | None) -> str:
    return labels.level(level) or "chưa có"
