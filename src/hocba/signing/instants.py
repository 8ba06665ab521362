"""Instants as people here read them: Vietnamese time, day before month."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


def day(instant: datetime) -> str:
    """The day in Viet Nam, "21/11/2026"."""
    return f"{_here(instant):%d/%m/%Y}"


def moment(instant: datetime) -> str:
    """Day and time in Viet Nam, "09:05:00 21/11/2026"."""
    return f"{_here(instant):%H:%M:%S %d/%m/%Y}"


def iso(instant: datetime) -> str:
    """ISO 8601 with the offset of Viet Nam and whole seconds, as documents write it."""
    return _here(instant).isoformat(timespec="seconds")


def _here(instant: datetime) -> datetime:
    """The same in Vietnamese time. A certificate without an end says 9999-12-31 (RFC 5280 4.1.2.5): stays as it is."""
    try:
        return instant.astimezone(VIETNAM)
    except OverflowError:
        return instant


def is_within_reach(instant: datetime) -> bool:
    """Whether a claimed instant is one of this system's time at all; calendars end soon after the year 1 and 9999,
    where moving it to another time zone, or adding a tolerance, would fail.
    """
    return 1900 <= instant.year <= 9000
