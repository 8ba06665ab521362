"""The agent on a port of its own, with real tokens and a person who answers as the test says."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from hocba_agent import libraries
from hocba_agent.api import Api
from hocba_agent.config import Config
from hocba_agent.prompts import PairingQuestion, PinQuestion
from hocba_agent.server import Listening
from hocba_agent.tokens import Tokens
from tests.factories import soft_tokens as tokens
from tests.factories.soft_tokens import SoftTokens

ORIGIN = "https://hocba.truong.example"


@dataclass
class Person:
    """Answers questions as told and remembers them."""

    says_yes: bool = True
    pins: list[str | None] = field(default_factory=list)
    """What is typed, one after the other; the right PIN when there is nothing more."""
    pairings: list[PairingQuestion] = field(default_factory=list)
    questions: list[PinQuestion] = field(default_factory=list)

    def confirm_pairing(self, question: PairingQuestion) -> bool:
        self.pairings.append(question)
        return self.says_yes

    def ask_pin(self, question: PinQuestion) -> str | None:
        self.questions.append(question)
        return self.pins.pop(0) if self.pins else tokens.PIN


@dataclass
class Clock:
    """Stands still until told."""

    now: datetime = datetime(2026, 11, 22, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **how_far: float) -> None:
        self.now += timedelta(**how_far)


class Page:
    """A page in a browser, as far as the agent sees it."""

    def __init__(self, port: int, origin: str | None = ORIGIN, user: str = "gv0006") -> None:
        self.port = port
        self.origin = origin
        self.user = user
        self.token: str | None = None
        self.batch: str | None = None
        self.headers: dict[str, str] = {}

    def call(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, dict[str, Any], dict[str, str]]:
        """Status, body and headers of one request."""
        sent = {"Host": f"127.0.0.1:{self.port}", "Sec-Fetch-Mode": "cors"}
        if self.origin is not None:
            sent["Origin"] = self.origin
        if self.token is not None:
            sent |= {"Authorization": f"Bearer {self.token}", "Hocba-User": quote(self.user)}
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent |= self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body=data, headers=sent)
            answer = connection.getresponse()
            content = answer.read()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, json.loads(content) if content else {}, found
        finally:
            connection.close()

    def pair(self) -> str:
        _, offer, _ = self.call("POST", "/v1/pairings", {"user": self.user})
        _, answer, _ = self.call("POST", f"/v1/pairings/{offer['pairing']}/confirmation", {})
        self.token = answer["token"]
        return str(offer["code"])

    def certificates(self) -> dict[str, dict[str, Any]]:
        _, answer, _ = self.call("GET", "/v1/certificates")
        return {entry["id"]: entry for entry in answer["certificates"]}

    def open(self, certificate: str, items: Sequence[bytes], **changes: Any) -> tuple[int, dict[str, Any]]:
        digests = [hashlib.sha256(item).hexdigest() for item in items]
        combined = hashlib.sha256(b"".join(map(bytes.fromhex, digests))).hexdigest()
        body = {
            "certificate": certificate,
            "title": "Học bạ lớp 9A1",
            "count": len(items),
            "digest": f"sha256:{combined}",
            "digests": digests,
            **changes,
        }
        status, answer, _ = self.call("POST", "/v1/batches", body)
        self.batch = answer.get("id", self.batch)
        return status, answer

    def sign(self, items: Sequence[bytes]) -> tuple[int, dict[str, Any]]:
        chunk = [
            {"id": str(number), "to_be_signed": base64.b64encode(item).decode()}
            for number, item in enumerate(items)
        ]
        status, answer, _ = self.call("POST", f"/v1/batches/{self.batch}/sign", {"items": chunk})
        return status, answer


@dataclass
class Agent:
    """The agent and everything around it that a test turns."""

    listening: Listening
    api: Api
    person: Person
    clock: Clock
    directory: Path
    soft: SoftTokens

    def page(self, origin: str | None = ORIGIN, user: str = "gv0006") -> Page:
        return Page(self.listening.port, origin, user)

    def paired(self, origin: str = ORIGIN, user: str = "gv0006") -> Page:
        page = self.page(origin, user)
        page.pair()
        return page


@pytest.fixture(autouse=True)
def _only_our_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "candidates", lambda *_: iter(()))


@pytest.fixture
def config() -> Config:
    return Config(libraries=(tokens.soft_tokens().agent_library,))


@pytest.fixture
def agent(config: Config, tmp_path: Path) -> Iterator[Agent]:
    """The agent on a free port, with the tokens of `soft_tokens`."""
    person, clock = Person(), Clock()
    api = Api(config, tmp_path, tokens=Tokens(config.libraries), prompter=person, clock=clock)
    listening = Listening(api, [0], poll=0.02)
    yield Agent(listening, api, person, clock, tmp_path, tokens.soft_tokens())
    listening.stop()


def identity(der: bytes) -> str:
    """How the agent calls a certificate."""
    return hashlib.sha256(der).hexdigest()
