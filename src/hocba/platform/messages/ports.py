"""What this app needs from outside: signing and checking of HTTP messages, wired in `hocba.sites.wiring`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class SignatureRefusedError(Exception):
    """The signature of a message is missing, wrong, too old, or by nobody we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request as far as signatures see it; header names are in lower case."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Seals(Protocol):
    """Signs what this side says and checks what others say (RFC 9421, RFC 9530)."""

    def seal_request(self, request: Request, *, at: datetime) -> Mapping[str, str]:
        """Headers to add to a request of ours."""
        ...

    def check_request(self, request: Request, *, at: datetime) -> str:
        """Name of the side that signed it. Raises SignatureRefusedError."""
        ...

    def seal_answer(self, answer: Answer, *, request: Request, at: datetime) -> Mapping[str, str]:
        """Headers to add to an answer of ours; the answer is bound to its request."""
        ...

    def check_answer(self, answer: Answer, *, request: Request, sender: str, at: datetime) -> None:
        """Accept an answer to our request only from that side. Raises SignatureRefusedError."""
        ...

    def address_of(self, side: str) -> str:
        """Base address of another side."""
        ...


@cache
def seals() -> Seals:
    """The implementation that the site wired (setting HOCBA_SEALS, a dotted path to a factory)."""
    implementation: Seals = import_string(settings.HOCBA_SEALS)()
    return implementation
