"""Calls another side over a kept-alive connection."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import urllib3

from hocba.platform.messages import ports

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_pool = urllib3.PoolManager(maxsize=16, retries=False, headers={"user-agent": "hocba"})

CONNECT_SECONDS = 5.0
# Between workers nobody waits; a side may have a whole class to verify before it answers.
READ_SECONDS = 120.0

# No answer between sides is larger; the rest is refused instead of filling the memory.
LARGEST_ANSWER = 64 * 1024 * 1024


class UnreachableError(Exception):
    """The other side did not answer."""


def exchange(
    *,
    side: str,
    method: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    at: datetime,
    timeout: float = READ_SECONDS,
) -> tuple[ports.Request, ports.Answer]:
    """Send one signed request and check the answer's signature.

    `timeout` are the seconds to wait for the answer: few where a person waits for it.

    Raises UnreachableError, ports.SignatureRefusedError.
    """
    seals = ports.seals()
    request = ports.Request(method=method, url=seals.address_of(side) + path, headers=headers, body=body)
    request = ports.Request(
        method=method, url=request.url, headers={**headers, **seals.seal_request(request, at=at)}, body=body
    )
    answer = _call(request, timeout)
    seals.check_answer(answer, request=request, sender=side, at=at)
    return request, answer


def _call(request: ports.Request, timeout: float) -> ports.Answer:
    end = time.monotonic() + timeout
    try:
        response = _pool.request(
            request.method,
            request.url,
            body=request.body or None,
            headers=dict(request.headers),
            redirect=False,
            preload_content=False,
            timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, timeout), read=timeout),
        )
        content = _read(response, end)
        response.release_conn()
    except urllib3.exceptions.HTTPError as error:
        raise UnreachableError(f"{request.method} {request.url}: {type(error).__name__}") from error
    if len(content) > LARGEST_ANSWER:
        raise UnreachableError(f"{request.url}: answer too large")
    headers = {name.lower(): value for name, value in response.headers.items()}
    return ports.Answer(status=response.status, headers=headers, body=content)


def _read(response: urllib3.BaseHTTPResponse, end: float) -> bytes:
    """The body as far as it may be long; the other side cannot hold us by sending it byte by byte."""
    parts, length = [], 0
    while length <= LARGEST_ANSWER and (part := response.read1(1 << 20, decode_content=True)):
        parts.append(part)
        length += len(part)
        if time.monotonic() > end:
            raise urllib3.exceptions.TimeoutError("the answer takes too long")
    return b"".join(parts)
