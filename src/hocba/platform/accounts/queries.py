"""Reading accounts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.db import connection

from hocba.platform.accounts import roles
from hocba.platform.accounts.actor import NOBODY, Actor
from hocba.platform.accounts.models import Membership, User

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

_ACCOUNT = """
select {} from platform_accounts_user account
left join platform_accounts_membership membership on membership.user_id = account.id
where account.id = %s order by membership.id
"""


def account(user_id: int) -> User | None:
    """An account and, in `User.held`, its memberships as they are now: one statement, since every request asks it.

    Not by `tenancy.statements`, which wants an open scope: which one to open follows from the memberships.
    """
    query, of_account, of_membership = _account_statement()
    with connection.cursor() as cursor:
        cursor.execute(query, [user_id])
        rows = cursor.fetchall()
    if not rows:
        return None
    width = len(of_account)
    found = User.from_db(connection.alias, of_account, rows[0][:width])
    found.held = [
        Membership.from_db(connection.alias, of_membership, row[width:])
        for row in rows
        if row[width] is not None
    ]
    return found


@cache
def _account_statement() -> tuple[str, list[str], list[str]]:
    """The statement, and the names of what it gives of an account and of a membership."""
    of_account = [field.attname for field in User._meta.concrete_fields]
    of_membership = [field.attname for field in Membership._meta.concrete_fields]
    columns = [f"account.{name}" for name in of_account] + [f"membership.{name}" for name in of_membership]
    return _ACCOUNT.format(", ".join(columns)), of_account, of_membership


def actor_of(user: AbstractBaseUser | AnonymousUser, *, on: date, school_code: str | None = None) -> Actor:
    """The actor a signed-in user is on a day, at the given school or at the first one held."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    memberships = Membership.objects.filter(user=user).order_by("id") if user.held is None else user.held
    held = [m for m in memberships if m.holds_on(on) and m.role in roles.table()]
    if not held:
        return Actor(user_id=user.pk, name=user.username, display_name=user.display_name)
    school = school_code if school_code in {m.school_code for m in held} else held[0].school_code
    here = [m for m in held if m.school_code == school]
    granted: frozenset[str] = frozenset().union(*(roles.table()[m.role].permissions for m in here))
    return Actor(
        user_id=user.pk,
        name=user.username,
        display_name=user.display_name,
        school_code=school or "",
        holder_code=here[0].holder_code,
        role_names=tuple(dict.fromkeys(m.role for m in here)),
        permissions=granted,
        is_whole_site=all(roles.table()[m.role].whole_site for m in here),
    )


def actor_by_id(user_id: int, *, on: date, school_code: str) -> Actor:
    """The actor that an account is now at a school, for work that goes on without its request."""
    user = account(user_id)
    return NOBODY if user is None else actor_of(user, on=on, school_code=school_code)
