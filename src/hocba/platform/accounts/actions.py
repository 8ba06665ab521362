"""Making accounts and giving roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hocba.platform.accounts import roles
from hocba.platform.accounts.models import Membership, User
from hocba.platform.audit import actions as audit

if TYPE_CHECKING:
    from datetime import date, datetime


class UnknownRoleError(Exception):
    """The side has no such role."""


@transaction.atomic
def ensure_account(
    *, username: str, display_name: str, password: str, email: str = "", by: str, at: datetime
) -> int:
    """Make the account unless it exists; an existing password is left alone. Returns its id."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username, password, display_name=display_name, email=email)
        audit.record(tag="accounts:user:created", target=f"user:{username}", by=by, at=at)
    return user.pk


@transaction.atomic
def grant_role(
    *, username: str, school_code: str, role: str, holder_code: str, valid_from: date, by: str, at: datetime
) -> None:
    """Give a role at a school from a day on, or again after its end. Raises UnknownRoleError.

    A role that is held already is left alone.
    """
    if role not in roles.table():
        raise UnknownRoleError(role)
    user = User.objects.get(username=username)
    membership, created = Membership.objects.get_or_create(
        user=user,
        school_code=school_code,
        role=role,
        holder_code=holder_code,
        defaults={"valid_from": valid_from},
    )
    ended = membership.valid_until is not None
    if ended:
        membership.valid_from, membership.valid_until = valid_from, None
        membership.save(update_fields=["valid_from", "valid_until"])
    if created or ended:
        audit.record(
            tag="accounts:role:granted",
            target=f"user:{username}",
            by=by,
            at=at,
            school_code=school_code,
            details={"role": role},
        )
