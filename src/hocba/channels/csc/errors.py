"""What can go wrong with a provider. Messages hold nothing of an answer but its error code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class CscError(Exception):
    """Base of everything below."""


class ProfileError(CscError):
    """The file of providers cannot be used; `problems` are all reasons."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class LostAnswerError(CscError):
    """Nothing usable came back: the provider may or may not have done what was asked."""


class UnusableAnswerError(CscError):
    """The answer came but breaks the protocol: members are missing, or there are too few signatures."""


class ProviderRefusedError(CscError):
    """The provider said no. `code` is its error code (API 2.0 section 10.1), `status` that of HTTP."""

    def __init__(self, status: int, code: str) -> None:
        self.status = status
        self.code = code
        super().__init__(f"status {status}, {code or 'no code'}")


class AuthorisationOverError(ProviderRefusedError):
    """Token or signature activation data ended, or do not cover this any more: the person is to be asked again."""


class CodeRefusedError(ProviderRefusedError):
    """The one-time code is wrong or ended; another may be tried."""


_CODES = frozenset({"invalid_otp", "expired_otp", "invalid_challenge_response", "invalid_auth_data"})
_OVER = frozenset(
    {"invalid_token", "expired_token", "invalid_sad", "expired_sad", "sad_expired", "invalid_grant"}
)


def refusal(status: int, code: object, description: object) -> ProviderRefusedError:
    """The error that an answer means. Providers tell an expired SAD by code or only by the description."""
    name = code if isinstance(code, str) and code.isascii() and code.isprintable() else ""
    words = description.lower() if isinstance(description, str) else ""
    name = name[:60]
    if name in _CODES or (name == "invalid_request" and "otp" in words.split()):
        return CodeRefusedError(status, name)
    if name in _OVER or status == 401 or (name == "invalid_request" and "sad" in words.split()):
        return AuthorisationOverError(status, name)
    return ProviderRefusedError(status, name)
