"""Accounts and roles of the staff of a school, derived from the roster copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.exchange.posts import roles_of
from hocba.platform.accounts import staff
from hocba.transcripts.roster import queries

if TYPE_CHECKING:
    from datetime import datetime


def follow_roster(school_code: str, *, by: str, at: datetime) -> None:
    """Accounts and roles of everybody at work, as the copy has them; again, it changes nothing."""
    people = [
        staff.StaffAccount(
            code=person.code,
            name=person.name,
            email=person.email,
            roles=roles_of(person.post, teaches=person.teaches, leads_class=person.leads_class),
        )
        for person in queries.list_staff(school_code).filter(active=True)
    ]
    staff.follow(school_code, people, by=by, at=at)
