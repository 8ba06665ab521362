"""Who has to sign at a school, and until when their certificates let them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from hocba.exchange import certificate_calendar as calendar
from hocba.exchange import posts
from hocba.signing.approvals import read_register
from hocba.transcripts.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hocba.exchange.certificate_calendar import Deadline, Line, Need
    from hocba.signing.approvals import Approval


def deadlines(*, at: datetime) -> tuple[str, tuple[Deadline, ...]]:
    """The running school year and its deadlines."""
    year = calendar.school_year_at(at)
    return year, calendar.deadlines_of(year, settings.HOCBA_DEADLINES)


def list_lines(school_code: str, *, at: datetime) -> list[Line]:
    """One line for everybody who has to sign; the seal first, then by staff code."""
    _, asked = deadlines(at=at)
    approvals = approvals_of(school_code)
    return calendar.lines_of(_needs(school_code, approvals), approvals, asked, now=at)


def approvals_of(school_code: str) -> tuple[Approval, ...]:
    """The approved certificates as the Sở's register had them when it was copied."""
    register, _ = roster.newest_register(school_code)
    return read_register(roster.register_content(register))[1] if register else ()


def list_holders(school_code: str, *, at: datetime) -> list[tuple[str, str]]:
    """Code and name of the people who hold an approved certificate now."""
    found = {
        item.holder: item.name
        for item in approvals_of(school_code)
        if item.kind == "person" and (item.revoked_at is None or item.revoked_at > at)
    }
    return sorted(found.items())


def _needs(school_code: str, approvals: tuple[Approval, ...]) -> Iterator[Need]:
    """The seal, the principal, everybody who teaches or leads a class; deputies who were approved to sign."""
    yield calendar.Need(
        school=school_code, holder=school_code, name=roster.name_of_school(school_code), position="seal"
    )
    leaders = {item.holder for item in approvals if "leader" in item.positions}
    for person in roster.list_staff(school_code).filter(active=True):
        positions = []
        if person.post in posts.PRINCIPALS or (person.post in posts.LEADERS and person.code in leaders):
            positions.append("leader")
        if person.teaches or person.leads_class:
            positions.append("teacher")
        for position in positions:
            yield calendar.Need(school=school_code, holder=person.code, name=person.name, position=position)
