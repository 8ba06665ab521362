"""A remote signing provider that speaks the API of the Cloud Signature Consortium: for the demo and the tests only.

Run as `python -m hocba.simulators.remote_signing_provider PORT KEYS CLIENT`: KEYS holds `<account>.p12` and `password`;
CLIENT is a JSON file {"client_id", "client_secret", "redirect_uris", "password"}, the last one for all accounts. In the
demo's keys an account is `<school>.<holder>`; a school's own key, its seal, is `<school>.p12`.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from hocba.signing import certificates
from hocba.signing.keys import pkcs12
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.simulators import remote_signing_methods as methods
from hocba.simulators import remote_signing_pages as pages
from hocba.simulators.remote_signing_grants import Client, Grants, RefusedError, Request
from hocba.simulators.training_only import refuse_in_production

LARGEST_REQUEST = 2 * 1024 * 1024
_NOT_PEOPLE = ("system-", "tsa", "trust-list")


class RemoteSigningProvider(ThreadingHTTPServer):
    """The server. `calls` are the methods that were called, for tests."""

    daemon_threads = True

    def __init__(
        self,
        port: int,
        client: Client,
        find_key: Callable[[str], SoftwareKey | None],
        *,
        password: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.grants = Grants(client, find_key, clock)
        self.password = password
        self.asked: dict[str, Request] = {}
        self.calls: list[str] = []

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """`/csc/v2/*` and `/csc/v1/*` take JSON, `/oauth2/*` forms; the rest is for people."""

    server: RemoteSigningProvider
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Consent, or somebody's telephone."""
        parts = urlsplit(self.path)
        if parts.path == "/":
            self._html(200, pages.front())
        elif parts.path == "/oauth2/authorize":
            self._consent(dict(parse_qsl(parts.query)))
        elif parts.path.startswith("/dien-thoai/"):
            account = parts.path.rpartition("/")[2].upper()
            self._html(200, pages.telephone(account, self.server.grants.one_time.get(account)))
        else:
            self._html(404, pages.refused("Không có trang này."))

    def do_POST(self) -> None:
        """Methods of the API, endpoints of OAuth, and what the person decided."""
        length = int(self.headers.get("content-length") or 0)
        if not 0 <= length <= LARGEST_REQUEST:
            self.send_error(413)
            return
        body = self.rfile.read(length)
        try:
            if self.path == "/oauth2/consent":
                self._decided(dict(parse_qsl(body.decode())))
            elif self.path.startswith("/oauth2/"):
                self._oauth(self.path.removeprefix("/oauth2/"), dict(parse_qsl(body.decode())))
            else:
                self._method(body)
        except RefusedError as error:
            self._json(error.status, {"error": error.code, "error_description": error.description})
        except methods.LostError:
            self.close_connection = True  # nothing is sent: the caller cannot know what was done
        except (ValueError, KeyError, TypeError):
            self._json(400, {"error": "invalid_request"})

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to say for each request."""

    def _method(self, body: bytes) -> None:
        version, _, method = self.path.removeprefix("/csc/v").partition("/")
        self.server.calls.append(method)
        asked = json.loads(body or b"{}")
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        self._json(*methods.call(self.server.grants, int(version), method, asked, token))

    def _oauth(self, name: str, fields: dict[str, str]) -> None:
        grants = self.server.grants
        self.server.calls.append(f"oauth2/{name}")
        grants.client_of(fields)
        if name == "token":
            token, life = grants.token_for(fields)
            self._json(
                200, {"access_token": token, "token_type": "Bearer", "expires_in": int(life.total_seconds())}
            )
        elif name == "pushed_authorize":
            self._json(201, {"request_uri": grants.push(grants.request_of(fields)), "expires_in": 60})
        elif name == "revoke":
            grants.revoke(fields.get("token", ""))
            self._json(200, {})
        else:
            raise RefusedError("invalid_request", status=404)

    def _consent(self, fields: dict[str, str]) -> None:
        try:
            request = self.server.grants.request_of(fields)
        except RefusedError as error:
            self._html(400, pages.refused(f"{error.code} {error.description}"))
            return
        name = secrets.token_urlsafe(12)
        self.server.asked[name] = request
        self._html(200, pages.consent(request, name, owner=self._owner(request)))

    def _decided(self, fields: dict[str, str]) -> None:
        name = fields.get("request", "")
        request = self.server.asked.get(name)
        if request is None:
            self._html(400, pages.refused("Yêu cầu này đã hết hạn."))
            return
        if fields.get("answer") != "yes":
            del self.server.asked[name]
            self._send_back(request, {"error": "access_denied"})
            return
        account = fields.get("account", "").strip().upper()
        known = secrets.compare_digest(fields.get("password", "").encode(), self.server.password.encode())
        if not known or self.server.grants.find_key(account) is None:
            words = "Tài khoản hoặc mật khẩu không đúng."
            self._html(200, pages.consent(request, name, owner=self._owner(request), error=words))
            return
        del self.server.asked[name]
        self._send_back(request, {"code": self.server.grants.code_for(request, account)})

    def _owner(self, request: Request) -> str:
        if request.scope != "credential":
            return ""
        return certificates.common_name(self.server.grants.key_of(request.credential).certificate)

    def _send_back(self, request: Request, fields: dict[str, str]) -> None:
        self.send_response(303)
        self.send_header(
            "location", f"{request.redirect_uri}?{urlencode({**fields, 'state': request.state})}"
        )
        self.send_header("content-length", "0")
        self.end_headers()

    def _json(self, status: int, members: dict[str, object]) -> None:
        self._answer(status, b"" if status == 204 else json.dumps(members).encode(), "application/json")

    def _html(self, status: int, page: str) -> None:
        self._answer(status, page.encode(), "text/html; charset=utf-8")

    def _answer(self, status: int, content: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("cache-control", "no-store")
        if status != 204:
            self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def keys_in(directory: Path) -> Callable[[str], SoftwareKey | None]:
    """The keys of people and schools in the demo's folder, each read when first asked for."""
    password = (directory / "password").read_text("utf-8")

    @lru_cache(maxsize=1000)
    def read(account: str) -> SoftwareKey:
        return pkcs12.load((directory / f"{account}.p12").read_bytes(), password)

    def find(account: str) -> SoftwareKey | None:
        if account.startswith(".") or not re.fullmatch(r"[A-Za-z0-9.-]{1,60}", account):
            return None
        school, _, holder = account.rpartition(".")
        name = school if school == holder else account
        if name.lower().startswith(_NOT_PEOPLE) or not (directory / f"{name}.p12").exists():
            return None
        return read(name)

    return find


def main(arguments: list[str]) -> None:
    """Serve until the process ends; never in production."""
    refuse_in_production()
    port, keys, told = (
        int(arguments[0]),
        Path(arguments[1]),
        json.loads(Path(arguments[2]).read_text("utf-8")),
    )
    client = Client(
        id=told["client_id"], secret=told["client_secret"], redirect_uris=tuple(told["redirect_uris"])
    )
    RemoteSigningProvider(port, client, keys_in(keys), password=told["password"]).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
