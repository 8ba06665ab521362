"""How allauth behaves here: accounts are made by the school, never by signing up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closed for sign-up, and speaking the language of the pages, which allauth does not know."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Tài khoản này đã ngừng hoạt động.",
        "username_password_mismatch": "Tên đăng nhập hoặc mật khẩu không đúng.",
        "too_many_login_attempts": "Bạn đã nhập sai quá nhiều lần. Hãy chờ năm phút rồi thử lại.",
        "rate_limited": "Bạn gửi quá nhiều yêu cầu. Hãy chờ ít phút rồi thử lại.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """The head of the unit provides the accounts (R107)."""
        return False

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the page one lands on shows who is signed in, the sign-in page that one is not."""
