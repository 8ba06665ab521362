"""Theo dõi chuyên cần: one page a month, a column a day, and the sums of absences."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Final

from hocba.documents.forms import wording
from hocba.documents.forms.tables import Cell, Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocba.documents.forms.class_book import ClassBook

_WEEKDAYS: Final = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_SUNDAY: Final = 6
_MONTHS_OF_FIRST_TERM: Final = (9, 10, 11, 12)
_MONTHS_OF_SECOND_TERM: Final = (1, 2, 3, 4, 5)
_DAYS: Final = "Ngày trong tháng, thứ trong tuần"
_SUMS: Final = "Tổng số buổi nghỉ"

Absences = dict[date, bool]


def months_of(book: ClassBook) -> list[tuple[int, int]]:
    """Year and month of every page: September to May, and any other month in which somebody was absent."""
    first, second = int(book.school_year[:4]), int(book.school_year[-4:])
    months = {(first, month) for month in _MONTHS_OF_FIRST_TERM}
    months |= {(second, month) for month in _MONTHS_OF_SECOND_TERM}
    months |= {(absence.day.year, absence.day.month) for absence in book.absences or ()}
    return sorted(months)


def attendance(book: ClassBook) -> tuple[Table, ...]:
    """The pages of the year."""
    absences: dict[str, Absences] = defaultdict(dict)
    for absence in book.absences or ():
        absences[absence.personal_id][absence.day] = absence.excused
    return tuple(_month(book, year, month, absences) for year, month in months_of(book))


def _month(book: ClassBook, year: int, month: int, absences: Mapping[str, Absences]) -> Table:
    days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
    kept = book.absences is not None
    return Table(
        name=f"Chuyên cần {month:02}-{year}",
        title=f"THEO DÕI CHUYÊN CẦN – THÁNG {month} NĂM {year}",
        facts=(wording.class_and_year(book.class_name, book.school_year),),
        landscape=True,
        size=9,
        row_height=4.7,
        inset=0.35,
        columns=(
            wording.NUMBER,
            wording.pupil_name(),
            *(
                Column(
                    head=(_DAYS, str(day.day), _WEEKDAYS[day.weekday()]),
                    width=5.6,
                    shaded=day.weekday() == _SUNDAY,
                )
                for day in days
            ),
            *(Column(head=(_SUMS, label), width=8) for label in ("TS", "P", "K")),
        ),
        rows=tuple(
            (
                number,
                each.pupil.name,
                *_days(absences.get(each.pupil.personal_id, {}), days),
                *(_sums(absences.get(each.pupil.personal_id, {}), days) if kept else ("", "", "")),
            )
            for number, each in enumerate(book.pupils, start=1)
        ),
        empty="Chưa có học sinh.",
        notes=("P: nghỉ có phép; K: nghỉ không phép; TS: tổng số buổi nghỉ trong tháng.",),
        signatures=(wording.homeroom(book.homeroom_teacher),),
    )


def _days(absent: Absences, days: list[date]) -> tuple[Cell, ...]:
    return tuple("" if day not in absent else "P" if absent[day] else "K" for day in days)


def _sums(absent: Absences, days: list[date]) -> tuple[Cell, ...]:
    found = [absent[day] for day in days if day in absent]
    return len(found), sum(found), len(found) - sum(found)
