"""A time-stamp authority over HTTP (RFC 3161 3.4), for the demo and the end-to-end tests only.

Run as `python -m hocba.simulators.timestamp_authority PORT KEYS`, where KEYS holds `tsa.p12` and `password`.
"""

from __future__ import annotations

import secrets
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from hocba.signing import timestamp_unit
from hocba.signing.errors import TimestampError
from hocba.signing.keys import pkcs12
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.simulators.training_only import refuse_in_production

POLICY = "1.3.6.1.4.1.99999.1.1"
LARGEST_REQUEST = 4096


class Authority(ThreadingHTTPServer):
    """The server with its key."""

    daemon_threads = True

    def __init__(self, port: int, key: SoftwareKey) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.key = key


class Handler(BaseHTTPRequestHandler):
    """Answers one TimeStampReq with one TimeStampResp."""

    server: Authority

    def do_POST(self) -> None:
        """Stamp what is asked for; 400 for anything else."""
        length = int(self.headers.get("content-length") or 0)
        if not 0 < length <= LARGEST_REQUEST:
            self.send_error(400)
            return
        try:
            answer = timestamp_unit.issue(
                self.rfile.read(length),
                key=self.server.key,
                policy=POLICY,
                serial=secrets.randbits(120),
                at=datetime.now(UTC),
            )
        except TimestampError:
            self.send_error(400)
            return
        self.send_response(200)
        self.send_header("content-type", "application/timestamp-reply")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to say for each request."""


def main(arguments: list[str]) -> None:
    """Serve until the process ends; never in production."""
    refuse_in_production()
    port, keys = int(arguments[0]), Path(arguments[1])
    password = (keys / "password").read_text("utf-8")
    Authority(port, pkcs12.load((keys / "tsa.p12").read_bytes(), password)).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
