"""Who a session belongs to: the account and its memberships with one statement, in every request anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.backends import ModelBackend

from hocba.platform.accounts import queries

if TYPE_CHECKING:
    from hocba.platform.accounts.models import User


class Accounts(ModelBackend):
    """Django's backend over `queries.account`; the check of the session's hash stays Django's."""

    def get_user(self, user_id: int) -> User | None:
        """The account, unless it is closed."""
        user = queries.account(user_id)
        return user if self.user_can_authenticate(user) else None
