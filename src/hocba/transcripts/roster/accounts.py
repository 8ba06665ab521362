"""Accounts and roles of the staff of a school, derived from the roster copy."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from hocba.platform.accounts import actions as accounts
from hocba.transcripts.roster import queries

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.transcripts.roster.models import Staff

ROLE_OF_POST: Final = {
    "Hiệu trưởng": "principal",
    "Phó Hiệu trưởng": "leadership",
    "Nhân viên học vụ": "academic_office",
    "Nhân viên văn thư": "clerk",
    "Quản trị viên": "administrator",
    "Tổ trưởng chuyên môn": "group_head",
}


def username_of(school_code: str, staff_code: str) -> str:
    """The sign-in name: unique over all schools of the deployment."""
    return f"{school_code}.{staff_code}".lower()


def ensure_accounts(school_code: str, *, by: str, at: datetime) -> int:
    """Make missing accounts and roles of staff at work; how many there are. Again, it changes nothing.

    Outside a demo (setting HOCBA_DEMO_PASSWORD) nobody knows the password of a new account.
    """
    people = list(queries.list_staff(school_code).filter(active=True))
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
        for role in _roles_of(person):
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


def _roles_of(person: Staff) -> list[str]:
    roles = [ROLE_OF_POST[person.post]] if person.post in ROLE_OF_POST else []
    if person.teaches:
        roles.append("subject_teacher")
    if person.leads_class:
        roles.append("homeroom_teacher")
    return roles
