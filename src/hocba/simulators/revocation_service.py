"""The demo authority's revocation lists and OCSP responder over HTTP: for the demo and the tests only.

Run as `python -m hocba.simulators.revocation_service PORT KEYS`, where KEYS holds `authority.json` and `password`.
Revocations that the authority writes down meanwhile are seen by the next question.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from hocba.signing import demo_trust
from hocba.signing.demo_ca import DemoAuthority
from hocba.signing.ocsp import OcspError
from hocba.simulators.training_only import refuse_in_production

LIFE = timedelta(hours=24)
"""How long an answer counts: lists and OCSP answers alike."""


class RevocationService(ThreadingHTTPServer):
    """The server; `open_authority` gives the authority as it is now, `clock` the time."""

    daemon_threads = True

    def __init__(
        self,
        port: int,
        open_authority: Callable[[], DemoAuthority],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.open_authority = open_authority
        self.clock = clock
        self.responder = open_authority().issue_ocsp_responder(valid_from=clock() - timedelta(hours=1))
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """`/root.crl` and `/issuing.crl` by GET, with conditional requests; `/ocsp` by POST."""

    server: RevocationService

    def do_GET(self) -> None:
        """One of the two lists, of this hour or the last revocation since: the same for all who ask."""
        self.server.asked.append(f"GET {self.path}")
        authority = self.server.open_authority()
        now = self.server.clock()
        hour = now.replace(minute=0, second=0, microsecond=0)
        begin = max([hour, *(item.at for item in authority.revoked if item.at <= now)])
        name = self.path.removeprefix("/")
        lists = authority.crls(begin, begin + LIFE)
        if name not in lists:
            self.send_error(404)
            return
        state = f"{begin.isoformat()} {sorted(item.serial for item in authority.revoked)}"
        etag = f'"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'
        if self.headers.get("if-none-match") == etag:
            self.send_response(304)
            self.send_header("etag", etag)
            self.end_headers()
            return
        self._answer(
            lists[name],
            "application/pkix-crl",
            {"etag": etag, "last-modified": format_datetime(begin.astimezone(UTC), usegmt=True)},
        )

    def do_POST(self) -> None:
        """One OCSP answer; 400 for what is no question about this authority's certificates."""
        self.server.asked.append(f"POST {self.path}")
        length = int(self.headers.get("content-length") or 0)
        if self.path != "/ocsp" or not 0 < length <= demo_trust.LARGEST_REQUEST:
            self.send_error(400)
            return
        now = self.server.clock().replace(microsecond=0)
        try:
            answer = demo_trust.answer(
                self.rfile.read(length),
                self.server.open_authority(),
                known=None,
                responder=self.server.responder,
                now=now,
                next_update=now + LIFE,
            )
        except OcspError:
            self.send_error(400)
            return
        self._answer(answer, "application/ocsp-response", {})

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to say for each request."""

    def _answer(self, content: bytes, content_type: str, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in {"content-type": content_type, **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main(arguments: list[str]) -> None:
    """Serve until the process ends; never in production."""
    refuse_in_production()
    port, keys = int(arguments[0]), Path(arguments[1])
    password = (keys / "password").read_text("utf-8")

    def open_authority() -> DemoAuthority:
        return DemoAuthority.from_bytes((keys / "authority.json").read_bytes(), password)

    RevocationService(port, open_authority).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
