"""How allauth behaves here: accounts are made by the school, never by signing up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closed for sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """The head of the unit provides the accounts (R107)."""
        return False
