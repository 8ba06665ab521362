"""Fetching revocation lists (RFC 5280 4.2.1.13) and asking OCSP responders (RFC 6960 appendix A.1) over HTTP.

Only addresses that are known beforehand, from the trust list and the certificates of authorities on it, are ever
asked: nothing in an upload makes this program open a connection. HTTP without TLS is usual and enough, since lists
and answers are signed and judged afterwards; here size, time and where it comes from are watched.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import urllib3

from hocba.signing.ocsp import LARGEST_ANSWER
from hocba.signing.revocation import LARGEST_REVOCATION_LIST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 60.0
"""From the first byte sent to the last one read of a list: a slow host cannot hold the worker."""
ANSWER_SECONDS = 15.0
"""The same for an answer, which has two thousand bytes."""
MOST_REDIRECTS = 3

_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class FetchError(Exception):
    """Nothing usable came back; the text says why, without anything from the other side's body."""


class SilentHostError(FetchError):
    """The host does not answer, or not in time: whoever asks it again at once only loses more time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What the host said about the copy at hand (RFC 9110 section 8.8), to ask only for news."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """The conditions of the next request (RFC 9110 section 13.1)."""
        found = {}
        if self.etag:
            found["if-none-match"] = self.etag
        if self.last_modified:
            found["if-modified-since"] = self.last_modified
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back: `content` is None when the copy at hand is still the newest."""

    content: bytes | None
    validators: Validators


class RevocationHosts:
    """The hosts that may be asked, by their exact addresses. Safe in threads."""

    def __init__(
        self,
        addresses: Iterable[str],
        *,
        whole_seconds: float = WHOLE_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._addresses = frozenset(addresses)
        self._whole_seconds = whole_seconds
        self._answer_seconds = min(answer_seconds, whole_seconds)
        self._pool = urllib3.PoolManager(retries=False, headers={"user-agent": "hocba"})

    def fetch_list(self, address: str, known: Validators | None = None) -> Fetched:
        """The revocation list at an address, unless it did not change. Raises FetchError."""
        conditions = known.headers() if known is not None else {}
        return self._ask("GET", address, headers=conditions, largest=LARGEST_REVOCATION_LIST)

    def ask(self, address: str, request: bytes) -> bytes:
        """The answer of an OCSP responder, as it came. Raises FetchError."""
        headers = {"content-type": "application/ocsp-request", "accept": "application/ocsp-response"}
        answer = self._ask("POST", address, headers=headers, largest=LARGEST_ANSWER, body=request)
        return answer.content or b""

    def _ask(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str],
        largest: int,
        body: bytes | None = None,
    ) -> Fetched:
        if address not in self._addresses:
            raise FetchError("not an address of the trust list")
        end = time.monotonic() + (self._whole_seconds if body is None else self._answer_seconds)
        try:
            for _ in range(MOST_REDIRECTS + 1):
                response = self._send(method, address, headers, body, end)
                if response.status not in _REDIRECTS:
                    return _read(response, largest, end)
                address = _redirected(address, response)
        except urllib3.exceptions.TimeoutError as error:
            # of connecting, a name nobody knows, reading
            raise SilentHostError(f"{urlsplit(address).hostname}: {type(error).__name__}") from error
        except urllib3.exceptions.HTTPError as error:
            raise FetchError(f"{urlsplit(address).hostname}: {type(error).__name__}") from error
        raise FetchError("too many redirects")

    def _send(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes | None, end: float
    ) -> urllib3.BaseHTTPResponse:
        left = max(0.1, end - time.monotonic())
        return self._pool.request(
            method,
            address,
            body=body,
            headers={"accept-encoding": "identity", **headers},
            redirect=False,
            preload_content=False,
            timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=left),
        )


def _redirected(address: str, response: urllib3.BaseHTTPResponse) -> str:
    """Where to go on: the same host only, and never from TLS to none."""
    response.drain_conn()
    target = urljoin(address, response.headers.get("location", ""))
    before, after = urlsplit(address), urlsplit(target)
    upgraded = (before.scheme, after.scheme) == ("http", "https") and after.port in (None, 443)
    same = (before.scheme, before.port) == (after.scheme, after.port)
    if before.hostname != after.hostname or not (same or upgraded):
        raise FetchError("redirected to another host")
    return target


def _read(response: urllib3.BaseHTTPResponse, largest: int, end: float) -> Fetched:
    validators = Validators(
        etag=_short(response.headers.get("etag", "")),
        last_modified=_short(response.headers.get("last-modified", "")),
    )
    if response.status == 304:
        response.drain_conn()
        return Fetched(content=None, validators=validators)
    if response.status != 200:
        response.close()
        raise FetchError(f"status {response.status}")
    if response.headers.get("content-encoding", "identity") != "identity":
        response.close()
        raise FetchError("compressed although nobody asked for it")
    parts, length = [], 0
    while part := response.read1(_CHUNK):
        parts.append(part)
        length += len(part)
        if length > largest:
            response.close()
            raise FetchError(f"more than {largest} bytes")
        if time.monotonic() > end:
            response.close()
            raise SilentHostError("takes too long")
    response.release_conn()
    return Fetched(content=b"".join(parts), validators=validators)


def _short(value: str) -> str:
    """A validator as it is given back later; an unreasonable one is as good as none."""
    return value if len(value) <= 200 and value.isascii() and value.isprintable() else ""
