"""Accounts of the people of a school who look at its people and classes here."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from hocba.platform.accounts import actions as accounts
from hocba.platform.tenancy import scope
from hocba.sector.directory import queries as directory

if TYPE_CHECKING:
    from datetime import datetime

ROLE_OF_POST: Final = {
    "Hiệu trưởng": "principal",
    "Phó Hiệu trưởng": "leadership",
    "Nhân viên học vụ": "academic_office",
    "Nhân viên văn thư": "clerk",
    "Quản trị viên": "administrator",
}


def ensure(school_code: str, *, by: str, at: datetime) -> int:
    """Make the accounts that are missing; how many people have one. Doing it again changes nothing.

    Outside a demo nobody knows the password: the person sets an own one through the administrator.
    """
    with scope.acting_for(school_code):
        people = [row for row in directory.list_staff(school_code) if row.post in ROLE_OF_POST]
        for row in people:
            username = f"{school_code}.{row.code}".lower()
            accounts.ensure_account(
                username=username,
                display_name=row.name,
                password=getattr(settings, "HOCBA_DEMO_PASSWORD", None) or secrets.token_urlsafe(32),
                email=row.email,
                by=by,
                at=at,
            )
            accounts.grant_role(
                username=username,
                school_code=school_code,
                role=ROLE_OF_POST[row.post],
                holder_code=row.code,
                valid_from=timezone.localdate(at),
                by=by,
                at=at,
            )
        return len(people)
