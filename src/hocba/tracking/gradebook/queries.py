"""Reading the gradebook: books of classes, states of sheets, history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from hocba.tracking.gradebook.compile import ClassBook, class_books
from hocba.tracking.gradebook.models import SUMMARY, Entry, MarkRow, PrimaryMarkRow, Sheet
from hocba.tracking.gradebook.primary_books import REGULATION as PRIMARY_REGULATION
from hocba.tracking.gradebook.primary_books import PrimaryBook, is_primary, primary_books
from hocba.tracking.gradebook.reporting import Book, books_of, report_again, rows_of
from hocba.tracking.gradebook.sheets import Key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from hocba.tracking.roster import queries as roster

__all__ = [
    "PRIMARY_REGULATION",
    "SUMMARY",
    "Book",
    "ClassBook",
    "Key",
    "PrimaryBook",
    "SheetState",
    "book_of",
    "books_of",
    "class_books",
    "is_primary",
    "primary_books",
    "report_again",
    "rows_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetState:
    """How far a sheet is, without any value: how many pupils have a row, and which version was reported."""

    version: int
    reported_version: int
    report_problem: str
    filled: int
    closed_at: datetime | None

    @property
    def is_reported(self) -> bool:
        """Whether the sector database has what stands here."""
        return 0 < self.version == self.reported_version


def book_of(group: roster.Class) -> Book:
    """The book of one class, as its circular has it."""
    return books_of([group])[group.name]


def states_of(
    school_code: str, school_year: str, names: Iterable[str] | None = None
) -> dict[Key, SheetState]:
    """States of all sheets of a year, or of some classes, by class, subject and term."""
    rows = Sheet.objects.filter(school_code=school_code, school_year=school_year)
    if names is not None:
        rows = rows.filter(class_name__in=list(names))
    filled = {
        sheet: count
        for model in (MarkRow, PrimaryMarkRow)
        for sheet, count in model.objects.filter(sheet__in=rows)
        .values_list("sheet")
        .annotate(count=Count("id"))
        .order_by()
    }
    return {
        (row.class_name, row.subject_code, row.term): SheetState(
            version=row.version,
            reported_version=row.reported_version,
            report_problem=row.report_problem,
            filled=filled.get(row.pk, 0),
            closed_at=row.closed_at,
        )
        for row in rows
    }


def history_of(school_code: str, school_year: str, key: Key, pupil_code: str) -> QuerySet[Entry]:
    """Every change of one pupil's row of a sheet, oldest first."""
    name, code, term = key
    rows: QuerySet[Entry] = Entry.objects.filter(
        sheet__school_code=school_code,
        sheet__school_year=school_year,
        sheet__class_name=name,
        sheet__subject_code=code,
        sheet__term=term,
        pupil_code=pupil_code,
    )
    return rows.order_by("id")
