"""Accounts and roles of the staff of a school, derived from the roster copy: posts, assignments, homerooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.exchange.posts import roles_of
from hocba.platform.accounts import staff
from hocba.tracking.roster.models import ClassGroup, Staff, Teaching

if TYPE_CHECKING:
    from datetime import datetime


def follow_roster(school_code: str, *, by: str, at: datetime) -> None:
    """Accounts and roles of everybody at work, as the copy has them; again, it changes nothing."""
    taught = set(Teaching.objects.filter(school_code=school_code).values_list("staff_code", flat=True))
    led = set(ClassGroup.objects.filter(school_code=school_code).values_list("homeroom_code", flat=True))
    people = [
        staff.StaffAccount(
            code=person.code,
            name=person.name,
            email=person.email,
            roles=roles_of(person.post, teaches=person.code in taught, leads_class=person.code in led),
        )
        for person in Staff.objects.filter(school_code=school_code, active=True).order_by("code")
    ]
    staff.follow(school_code, people, by=by, at=at)
