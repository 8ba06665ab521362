"""Until when a school year's records have to be signed: what a certificate should outlive.

The closing days (Quy chế Điều 14.1, 14.2) only warn; a day that the operator names "Hạn ký" in HOCBA_DEADLINES binds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.exchange import certificate_calendar as calendar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

_YEAR = re.compile(r"[0-9]{4}-[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day; `is_set` says that the operator named it, and then it binds."""

    day: date
    is_set: bool

    @property
    def end(self) -> datetime:
        """The first moment after the day."""
        return calendar.Deadline(name="", day=self.day).end


def deadline_of(
    school_year: str, configured: Mapping[tuple[str, str], date], *, at: datetime
) -> Deadline | None:
    """The next deadline of a school year, `configured` as `certificate_calendar.parse` gives it.

    None when all have passed or the year is none.
    """
    if not _YEAR.fullmatch(school_year):
        return None
    days = {found.name: found for found in calendar.deadlines_of(school_year, configured)}
    if calendar.SIGN_BY in days:
        return Deadline(days[calendar.SIGN_BY].day, is_set=True)
    closes = (days[calendar.CLOSE], days[calendar.CLOSE_AFTER_SUMMER])
    return next((Deadline(each.day, is_set=False) for each in closes if at < each.end), None)
