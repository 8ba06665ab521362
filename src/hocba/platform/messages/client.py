"""Calls another side over a kept-alive connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import urllib3

from hocba.platform.messages import ports

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_pool = urllib3.PoolManager(
    maxsize=16, retries=False, timeout=urllib3.Timeout(connect=5, read=120), headers={"user-agent": "hocba"}
)

# No answer between sides is larger; the rest is refused instead of filling the memory.
LARGEST_ANSWER = 64 * 1024 * 1024


class UnreachableError(Exception):
    """The other side did not answer."""


def exchange(
    *, side: str, method: str, path: str, body: bytes, headers: Mapping[str, str], at: datetime
) -> tuple[ports.Request, ports.Answer]:
    """Send one signed request and check the answer's signature.

    Raises UnreachableError, ports.SignatureRefusedError.
    """
    seals = ports.seals()
    request = ports.Request(method=method, url=seals.address_of(side) + path, headers=headers, body=body)
    request = ports.Request(
        method=method, url=request.url, headers={**headers, **seals.seal_request(request, at=at)}, body=body
    )
    answer = _call(request)
    seals.check_answer(answer, request=request, sender=side, at=at)
    return request, answer


def _call(request: ports.Request) -> ports.Answer:
    try:
        response = _pool.request(
            request.method,
            request.url,
            body=request.body or None,
            headers=dict(request.headers),
            redirect=False,
            preload_content=False,
        )
        content = response.read(LARGEST_ANSWER + 1, decode_content=True)
        response.release_conn()
    except urllib3.exceptions.HTTPError as error:
        raise UnreachableError(f"{request.method} {request.url}: {type(error).__name__}") from error
    if len(content) > LARGEST_ANSWER:
        raise UnreachableError(f"{request.url}: answer too large")
    headers = {name.lower(): value for name, value in response.headers.items()}
    return ports.Answer(status=response.status, headers=headers, body=content)
