"""What can go wrong between two sides before the content of a message is even looked at."""

from __future__ import annotations


class ExchangeError(Exception):
    """Base of the errors of this layer."""


class MessageSignatureError(ExchangeError):
    """A request or an answer is not signed as it must be. `code` is stable and for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class MalformedFieldError(ExchangeError):
    """A structured header field cannot be read (RFC 9651)."""


class MalformedProblemError(ExchangeError):
    """A body that should be a problem (RFC 9457) is none."""


class MalformedBundleError(ExchangeError):
    """A body of several files does not fit the lengths it came with."""
