"""Accounts of the people of a school who look at its people and classes here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.exchange.posts import roles_of
from hocba.platform.accounts import staff
from hocba.platform.tenancy import scope
from hocba.sector.directory import queries as directory
from hocba.sector.roles import ROLES

if TYPE_CHECKING:
    from datetime import datetime


def follow_staff(school_code: str, *, by: str, at: datetime) -> None:
    """Accounts and roles of those whose post has a role at this side; again, it changes nothing."""
    with scope.acting_for(school_code):
        people = [
            staff.StaffAccount(code=row.code, name=row.name, email=row.email, roles=roles)
            for row in directory.list_staff(school_code)
            if row.is_at_work
            and (roles := roles_of(row.post, teaches=False, leads_class=False) & ROLES.keys())
        ]
        staff.follow(school_code, people, by=by, at=at)
