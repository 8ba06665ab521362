"""Until when a school year's records have to be signed: what a certificate should outlive.

Closing is on 30/6, and on 15/8 for pupils assessed again in summer (Quy chế Điều 14.1, 14.2). The setting
HOCBA_SIGNING_DEADLINES names other days: "2025-2026=2026-05-31,2026-2027=2027-05-31".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hocba.signing.instants import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLOSE = ((6, 30), (8, 15))


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day; `is_set` says that the operator named it, and then it binds."""

    day: date
    is_set: bool

    @property
    def end(self) -> datetime:
        """The first moment after the day."""
        return datetime.combine(self.day + timedelta(days=1), time(), VIETNAM)


def configured() -> Mapping[str, date]:
    """Days by school year, from the setting. Raises ImproperlyConfigured."""
    return parse(str(getattr(settings, "HOCBA_SIGNING_DEADLINES", "") or ""))


def parse(text: str) -> Mapping[str, date]:
    """Read "2025-2026=2026-05-31,…". Raises ImproperlyConfigured."""
    found = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        year, _, day = part.partition("=")
        try:
            found[year.strip()] = date.fromisoformat(day.strip())
        except ValueError as error:
            raise ImproperlyConfigured(
                f"HOCBA_SIGNING_DEADLINES: {part!r} is not like 2025-2026=2026-05-31"
            ) from error
    return found


def deadline_of(school_year: str, days: Mapping[str, date], *, at: datetime) -> Deadline | None:
    """The next deadline of a school year; None when all have passed or the year is none."""
    if school_year in days:
        return Deadline(days[school_year], is_set=True)
    last = school_year.rpartition("-")[2]
    if not (last.isascii() and last.isdecimal() and len(last) == 4):
        return None
    found = (Deadline(date(int(last), month, day), is_set=False) for month, day in _CLOSE)
    return next((each for each in found if at < each.end), None)
