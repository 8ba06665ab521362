"""Instants as people here read them: Vietnamese time, day before month."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


def day(instant: datetime) -> str:
    """The day in Viet Nam, "21/11/2026"."""
    return f"{instant.astimezone(VIETNAM):%d/%m/%Y}"


def moment(instant: datetime) -> str:
    """Day and time in Viet Nam, "09:05:00 21/11/2026"."""
    return f"{instant.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}"


def iso(instant: datetime) -> str:
    """ISO 8601 with the offset of Viet Nam and whole seconds, as documents write it."""
    return instant.astimezone(VIETNAM).isoformat(timespec="seconds")
