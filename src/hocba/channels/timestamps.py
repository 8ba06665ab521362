"""Time stamps over HTTP (RFC 3161 3.4): ask the configured authorities in their order until one is believed.

    made = stamp(digest, addresses=["https://tsa.example/"], accept=judge)

Addresses come from configuration and nowhere else. Sizes and times are limited, redirects are not followed, and a
token counts only once `accept` did not refuse it.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

from hocba.signing import timestamps
from hocba.signing.errors import SigningError, TimestampError
from hocba.signing.timestamps import Timestamp

logger = logging.getLogger(__name__)

TRIES = 2
"""Of each authority: a second one only after a fault of the line or of the server."""
PAUSE_SECONDS = 0.5
CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
WHOLE_SECONDS = 30.0
QUERY = "application/timestamp-query"
REPLY = "application/timestamp-reply"

_pool = urllib3.PoolManager(maxsize=4, retries=False, headers={"user-agent": "hocba"})

Accept = Callable[[bytes], Timestamp]
"""Judges a token; raises a SigningError for one that is not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A token that was accepted, what it says, and the host that gave it."""

    token: bytes
    stamp: Timestamp
    host: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one authority gave nothing: its host, and the reason for operators."""

    host: str
    reason: str


class NoTimestampError(Exception):
    """No authority gave a token that is believed; `refusals` in the order they were asked."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(f"{each.host}: {each.reason}" for each in refusals) or "no authority")
        self.refusals = tuple(refusals)


class _TryAgainError(TimestampError):
    """A fault that may pass."""


def stamp(digest: bytes, *, addresses: Sequence[str], accept: Accept, algorithm: str = "sha256") -> Made:
    """Have a digest stamped. Raises NoTimestampError when no authority gives a token that is believed."""
    refusals: list[Refusal] = []
    for address in addresses:
        host = urlsplit(address).hostname or "?"
        try:
            token = _ask(address, digest, algorithm)
            return Made(token=token, stamp=accept(token), host=host)
        except SigningError as error:
            logger.warning("no time stamp from %s: %s", host, error)
            refusals.append(Refusal(host, str(error)))
    raise NoTimestampError(refusals)


def _ask(address: str, digest: bytes, algorithm: str) -> bytes:
    for attempt in range(1, TRIES + 1):
        request = timestamps.build_request(digest, nonce=secrets.randbits(63), algorithm=algorithm)
        try:
            return timestamps.token_of(_post(address, request), request=request)
        except _TryAgainError:
            if attempt == TRIES:
                raise
            time.sleep(PAUSE_SECONDS)
    raise AssertionError("unreachable")


def _post(address: str, request: bytes) -> bytes:
    if urlsplit(address).scheme not in ("http", "https"):
        raise TimestampError("the address is neither http nor https")
    try:
        answer = _pool.request(
            "POST",
            address,
            body=request,
            headers={"content-type": QUERY, "accept": REPLY},
            redirect=False,
            preload_content=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        )
        try:
            content = _read(answer)
        finally:
            answer.close()
    except urllib3.exceptions.HTTPError as error:
        raise _TryAgainError(f"not reached ({type(error).__name__})") from error
    if answer.status >= 500:
        raise _TryAgainError(f"it answered with status {answer.status}")
    if answer.status != 200:
        raise TimestampError(f"it answered with status {answer.status}")
    return content


def _read(answer: urllib3.BaseHTTPResponse) -> bytes:
    """At most a token's size, and no longer than one may take: a trickle is no answer."""
    end, parts, length = time.monotonic() + WHOLE_SECONDS, [], 0
    while chunk := answer.read1(8192):
        parts.append(chunk)
        length += len(chunk)
        if length > timestamps.LONGEST_TOKEN:
            raise TimestampError("the answer is too large")
        if time.monotonic() > end:
            raise _TryAgainError("the answer takes too long")
    return b"".join(parts)
