"""One provider over HTTPS: JSON and forms out, JSON in, with limits on size and time. Bodies are never logged."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import urllib3

from hocba.channels.csc.errors import LostAnswerError, UnusableAnswerError, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocba.channels.csc.profiles import Profile

LARGEST_ANSWER = 4 * 1024 * 1024
"""Bytes: a thousand RSA-4096 values in base64 are 0.7 MB."""
CONNECT_SECONDS = 5.0
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """Status 200, 201, 202 or 204, and the members of the JSON object."""

    status: int
    members: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A member that must be a text. Raises UnusableAnswerError."""
        value = self.members.get(name)
        if not isinstance(value, str) or not value:
            raise UnusableAnswerError(f"the answer has no {name}")
        return value

    def seconds(self, name: str, default: int) -> int:
        """How long something lasts; at most a day, whatever is said."""
        value = self.members.get(name, default)
        return min(value, 86_400) if type(value) is int and value > 0 else default


class Caller:
    """Asks one provider. Safe in threads; keep it, since it keeps connections."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._pool = urllib3.PoolManager(
            retries=False,
            headers={"user-agent": "hocba", "accept": "application/json", "accept-encoding": "identity"},
            cert_reqs="CERT_REQUIRED",
            ca_certs=profile.ca_file or None,
            maxsize=4,
        )

    def post(self, method: str, members: Mapping[str, object], *, bearer: str = "") -> Answer:
        """Call a method of the API, such as "credentials/list". Raises CscError."""
        headers = {"content-type": "application/json"}
        if bearer:
            headers["authorization"] = f"Bearer {bearer}"
        body = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
        return self._ask(f"{self.profile.base_url}/{method}", body, headers)

    def post_form(self, name: str, fields: Mapping[str, str]) -> Answer:
        """Call an endpoint of OAuth 2.0 below its address, as the client that we are. Raises CscError."""
        own = {"client_id": self.profile.client_id, "client_secret": self.profile.client_secret}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return self._ask(f"{self.profile.oauth_url}/{name}", urlencode({**fields, **own}).encode(), headers)

    def _ask(self, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        end = time.monotonic() + self.profile.seconds
        try:
            response = self._pool.request(
                "POST",
                address,
                body=body,
                headers={**self._pool.headers, **headers},
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=self.profile.seconds),
            )
            content = _read(response, end)
        except urllib3.exceptions.HTTPError as error:
            raise LostAnswerError(f"{self.profile.id}: {type(error).__name__}") from None
        return _understood(response.status, content)


def _read(response: urllib3.BaseHTTPResponse, end: float) -> bytes:
    parts, length = [], 0
    while part := response.read1(_CHUNK):
        parts.append(part)
        length += len(part)
        if length > LARGEST_ANSWER:
            response.close()
            raise UnusableAnswerError(f"more than {LARGEST_ANSWER} bytes")
        if time.monotonic() > end:
            response.close()
            raise LostAnswerError("takes too long")
    response.release_conn()
    return b"".join(parts)


def _understood(status: int, content: bytes) -> Answer:
    try:
        members = json.loads(content) if content else {}
    except ValueError:
        members = None
    if status >= 500 or (status < 300 and members is None):
        raise LostAnswerError(f"status {status}")
    if not isinstance(members, dict):
        members = {}
    if not 200 <= status < 300:
        raise refusal(status, members.get("error"), members.get("error_description"))
    return Answer(status, members)
