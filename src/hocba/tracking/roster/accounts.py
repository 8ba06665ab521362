"""Accounts and roles of the staff of a school, derived from the roster copy: posts, assignments, homerooms."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from hocba.platform.accounts import actions as accounts
from hocba.tracking.roster.models import ClassGroup, Staff, Teaching

if TYPE_CHECKING:
    from datetime import datetime

ROLE_OF_POST: Final = {
    "Hiệu trưởng": "principal",
    "Phó Hiệu trưởng": "leadership",
    "Nhân viên học vụ": "academic_office",
    "Nhân viên văn thư": "clerk",
    "Quản trị viên": "administrator",
    "Tổ trưởng chuyên môn": "group_head",
}


def username_of(school_code: str, staff_code: str) -> str:
    """The sign-in name: unique over all schools, and not an address that somebody else could come to own."""
    return f"{school_code}.{staff_code}".lower()


def ensure_accounts(school_code: str, *, by: str, at: datetime) -> int:
    """Make missing accounts and roles of staff at work; how many there are. Again, it changes nothing.

    Outside a demo (setting HOCBA_DEMO_PASSWORD) nobody knows the password of a new account.
    """
    taught = set(Teaching.objects.filter(school_code=school_code).values_list("staff_code", flat=True))
    led = set(ClassGroup.objects.filter(school_code=school_code).values_list("homeroom_code", flat=True))
    people = list(Staff.objects.filter(school_code=school_code, active=True).order_by("code"))
    for person in people:
        username = username_of(school_code, person.code)
        accounts.ensure_account(
            username=username,
            display_name=person.name,
            password=getattr(settings, "HOCBA_DEMO_PASSWORD", None) or secrets.token_urlsafe(32),
            email=person.email,
            by=by,
            at=at,
        )
        for role in _roles_of(person, taught=taught, led=led):
            accounts.grant_role(
                username=username,
                school_code=school_code,
                role=role,
                holder_code=person.code,
                valid_from=timezone.localdate(at),
                by=by,
                at=at,
            )
    return len(people)


def _roles_of(person: Staff, *, taught: set[str], led: set[str]) -> list[str]:
    roles = [ROLE_OF_POST[person.post]] if person.post in ROLE_OF_POST else []
    if person.code in taught:
        roles.append("subject_teacher")
    if person.code in led:
        roles.append("homeroom_teacher")
    return roles
