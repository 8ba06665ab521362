"""Accounts of the staff of a school: they follow a list that another side answers for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hocba.platform.accounts import actions
from hocba.platform.accounts.models import Membership
from hocba.platform.audit import actions as audit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAccount:
    """Somebody at work at a school: staff code, name, address, and the roles that follow from the work."""

    code: str
    name: str
    email: str
    roles: frozenset[str]


def username_of(school_code: str, staff_code: str) -> str:
    """The sign-in name: unique over all schools, and not an address that somebody else could come to own."""
    return f"{school_code}.{staff_code}".lower()


@transaction.atomic
def follow(school_code: str, people: Iterable[StaffAccount], *, by: str, at: datetime) -> None:
    """Make missing accounts, give missing roles, and take back roles that nobody states any more.

    The same list again changes nothing. Outside a demo (setting HOCBA_DEMO_PASSWORD) nobody knows the password
    of a new account. Raises actions.UnknownRoleError.
    """
    stated: set[tuple[str, str]] = set()
    for person in people:
        username = username_of(school_code, person.code)
        actions.ensure_account(
            username=username,
            display_name=person.name,
            password=getattr(settings, "HOCBA_DEMO_PASSWORD", None) or secrets.token_urlsafe(32),
            email=person.email,
            by=by,
            at=at,
        )
        for role in sorted(person.roles):
            stated.add((username, role))
            actions.grant_role(
                username=username,
                school_code=school_code,
                role=role,
                holder_code=person.code,
                valid_from=timezone.localdate(at),
                by=by,
                at=at,
            )
    _take_back(school_code, stated, by=by, at=at)


def _take_back(school_code: str, stated: set[tuple[str, str]], *, by: str, at: datetime) -> None:
    today = timezone.localdate(at)
    rows = Membership.objects.filter(school_code=school_code, valid_until=None).select_related("user")
    for row in rows.order_by("id"):
        if (row.user.username, row.role) in stated:
            continue
        # A role of today was never held on a whole day: the row goes, the trail keeps both steps.
        if row.valid_from >= today:
            row.delete()
        else:
            row.valid_until = today - timedelta(days=1)
            row.save(update_fields=["valid_until"])
        audit.record(
            tag="accounts:role:taken_back",
            target=f"user:{row.user.username}",
            by=by,
            at=at,
            school_code=school_code,
            details={"role": row.role},
        )
