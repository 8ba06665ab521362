"""What the simulated provider remembers: codes, tokens, activation data, one-time codes; and its faults."""

from __future__ import annotations

import hashlib
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hocba.signing.keys.pkcs12 import SoftwareKey

CODE_LIFE = timedelta(seconds=60)
TOKEN_LIFE = timedelta(minutes=30)
PREFIX = "khoa-"
"""A credential's id is this and the account's name."""


class RefusedError(Exception):
    """An answer with an error code (API 2.0 section 10.1)."""

    def __init__(self, code: str, description: str = "", *, status: int = 400) -> None:
        self.code = code
        self.description = description
        self.status = status
        super().__init__(code)


@dataclass(slots=True)
class Faults:
    """What goes wrong, for tests. `lose` answers of signHash are lost after signing; `slow` is in seconds."""

    lose: int = 0
    refuse: bool = False
    slow: float = 0.0
    fewer: bool = False
    other_hash: bool = False
    other_key: bool = False
    once: bool = False
    sad_life: timedelta = timedelta(minutes=5)
    multisign: int = 10_000
    asks_pin: bool = False
    waits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program that may ask, with its secret and the addresses people are sent back to."""

    id: str
    secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Request:
    """An authorisation that a person is asked for."""

    redirect_uri: str
    state: str
    challenge: str
    scope: str
    credential: str
    hashes: frozenset[str]
    count: int
    description: str


@dataclass(slots=True, kw_only=True)
class Permit:
    """A token or activation data: whose, over which hashes (base64), until when."""

    account: str
    scope: str
    ends: datetime
    credential: str = ""
    hashes: frozenset[str] = frozenset()
    used: set[str] = field(default_factory=set)


class Grants:
    """All of it, in memory; safe in threads."""

    def __init__(
        self, client: Client, find_key: Callable[[str], SoftwareKey | None], clock: Callable[[], datetime]
    ) -> None:
        self.client = client
        self.find_key = find_key
        self.clock = clock
        self.faults = Faults()
        self.lock = threading.RLock()
        self.codes: dict[str, tuple[Request, str, datetime]] = {}
        self.pushed: dict[str, Request] = {}
        self.permits: dict[str, Permit] = {}
        self.one_time: dict[str, str] = {}
        self.waiting: dict[str, tuple[Permit, int]] = {}

    def client_of(self, fields: dict[str, str]) -> Client:
        """The client that proved itself."""
        known = secrets.compare_digest(fields.get("client_secret", "").encode(), self.client.secret.encode())
        if fields.get("client_id") != self.client.id or not known:
            raise RefusedError("invalid_client", status=401)
        return self.client

    def request_of(self, fields: dict[str, str]) -> Request:
        """What an authorisation request asks for; refuses all that the API forbids."""
        if fields.get("client_id") != self.client.id:
            raise RefusedError("invalid_client")
        if "request_uri" in fields:
            with self.lock:
                found = self.pushed.pop(fields["request_uri"], None)
            if found is None:
                raise RefusedError("invalid_request_uri")
            return found
        if fields.get("redirect_uri") not in self.client.redirect_uris:
            raise RefusedError("invalid_request", "redirect_uri is not registered")
        if fields.get("response_type") != "code" or fields.get("code_challenge_method") != "S256":
            raise RefusedError("invalid_request", "code with S256 is asked for")
        listed = fields.get("hashes") or fields.get("hash") or ""
        hashes = frozenset(_plain(each) for each in listed.split(",") if each)
        count = fields.get("numSignatures", "0")
        scope = fields.get("scope", "service")
        if scope == "credential" and (
            not hashes or not count.isdecimal() or not len(hashes) <= int(count) <= self.faults.multisign
        ):
            raise RefusedError("invalid_request", "numSignatures does not fit the hashes")
        return Request(
            redirect_uri=fields["redirect_uri"],
            state=fields.get("state", ""),
            challenge=fields.get("code_challenge", ""),
            scope=scope,
            credential=fields.get("credentialID", ""),
            hashes=hashes,
            count=int(count) if count.isdecimal() else 0,
            description=fields.get("description", "")[:500],
        )

    def push(self, request: Request) -> str:
        """Keep a pushed request (RFC 9126); its name."""
        name = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(24)}"
        with self.lock:
            self.pushed[name] = request
        return name

    def code_for(self, request: Request, account: str) -> str:
        """A code for what the person agreed to."""
        if request.scope == "credential" and request.credential != PREFIX + account:
            raise RefusedError("access_denied")
        code = secrets.token_urlsafe(24)
        with self.lock:
            self.codes[code] = (request, account, self.clock() + CODE_LIFE)
        return code

    def token_for(self, fields: dict[str, str]) -> tuple[str, timedelta]:
        """Give a token for a code and its verifier (RFC 7636 section 4.6), or for a client."""
        if fields.get("grant_type") == "client_credentials":
            return self.issue(Permit(account="", scope="service", ends=self.clock() + TOKEN_LIFE)), TOKEN_LIFE
        with self.lock:
            request, account, ends = self.codes.pop(
                fields.get("code", ""), (None, "", self.clock() - CODE_LIFE)
            )
        digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        if request is None or ends < self.clock() or request.challenge != challenge:
            raise RefusedError("invalid_grant")
        if fields.get("redirect_uri") != request.redirect_uri:
            raise RefusedError("invalid_grant")
        life = self.faults.sad_life if request.scope == "credential" else TOKEN_LIFE
        permit = Permit(
            account=account,
            scope=request.scope,
            ends=self.clock() + life,
            credential=request.credential,
            hashes=request.hashes,
        )
        return self.issue(permit), life

    def issue(self, permit: Permit) -> str:
        """A token that stands for a permit."""
        token = secrets.token_urlsafe(32)
        with self.lock:
            self.permits[token] = permit
        return token

    def permit_of(self, token: str) -> Permit:
        """The permit of a token that still holds."""
        with self.lock:
            found = self.permits.get(token)
        if found is None or found.ends < self.clock():
            raise RefusedError("invalid_token", status=401)
        return found

    def revoke(self, token: str) -> None:
        """Forget a token."""
        with self.lock:
            self.permits.pop(token, None)

    def expire_all(self) -> None:
        """For tests: every credential's permit ends now."""
        with self.lock:
            for permit in self.permits.values():
                if permit.scope != "service":
                    permit.ends = self.clock() - timedelta(seconds=1)

    def key_of(self, credential: str) -> SoftwareKey:
        """The key of a credential."""
        key = self.find_key(credential.removeprefix(PREFIX)) if credential.startswith(PREFIX) else None
        if key is None:
            raise RefusedError("invalid_request", "Invalid parameter credentialID")
        return key


def _plain(value: str) -> str:
    """Base64 in the standard alphabet, whichever was given."""
    return value.replace("-", "+").replace("_", "/")
