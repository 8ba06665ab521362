"""All sides in one process: requests of one go straight into the urls of another, past any socket.

Seals are names in a header, so that everything but the signature itself is the real thing: the client, the
guard of machine views, the outbox, the handlers.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.test import Client, override_settings

from hocba.platform.messages import client as http
from hocba.platform.messages import delivery, ports
from hocba.platform.messages.models import OutgoingMessage
from hocba.tracking.sealing import fetching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

HEADER = "x-test-side"


class NamedSeals:
    """Says who speaks in a header."""

    def __init__(self, side: str) -> None:
        self.side = side

    def seal_request(self, request: ports.Request, *, at: datetime) -> Mapping[str, str]:
        return {HEADER: self.side}

    def check_request(self, request: ports.Request, *, at: datetime) -> str:
        if HEADER not in request.headers:
            raise ports.SignatureRefusedError("không có chữ ký")
        return request.headers[HEADER]

    def seal_answer(self, answer: ports.Answer, *, request: ports.Request, at: datetime) -> Mapping[str, str]:
        return {}

    def check_answer(
        self, answer: ports.Answer, *, request: ports.Request, sender: str, at: datetime
    ) -> None:
        return None

    def address_of(self, side: str) -> str:
        return f"http://{side}.test"


class Sides:
    """The network: which sides answer, what was asked, and what they answer when they are not simulated."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.bodies: list[bytes] = []
        self.clients: dict[str, Client] = {}
        self.answers: dict[str, Callable[[ports.Request], ports.Answer]] = {}

    def call(self, request: ports.Request, timeout: float = 0) -> ports.Answer:
        parts = urlsplit(request.url)
        side = (parts.hostname or "").removesuffix(".test")
        self.asked.append((side, request.method, parts.path))
        self.bodies.append(request.body)
        if side in self.answers:
            return self.answers[side](request)
        with override_settings(ROOT_URLCONF=f"hocba.sites.{side}_urls"):
            answer = self._client(side).generic(
                request.method,
                parts.path + (f"?{parts.query}" if parts.query else ""),
                request.body,
                content_type=request.headers.get("content-type", "application/json"),
                headers={k: v for k, v in request.headers.items() if k != "content-type"},
            )
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return ports.Answer(status=answer.status_code, headers=headers, body=answer.content)

    def _client(self, side: str) -> Client:
        """One client a side: making one loads every middleware."""
        if side not in self.clients:
            self.clients[side] = Client()
        return self.clients[side]


class OneByOne:
    """A pool that stays in the test's thread and so in its transaction."""

    def __init__(self, max_workers: int) -> None:
        self.max_workers = max_workers

    def __enter__(self) -> OneByOne:
        return self

    def __exit__(self, *args: object) -> None:
        return None

    def map(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        return iter([function(item) for item in items])

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(function(*args))
        except Exception as error:
            done.set_exception(error)
        return done


@pytest.fixture
def sides(monkeypatch: pytest.MonkeyPatch) -> Sides:
    """The network of a test in which this process speaks as the tracking side."""
    network = Sides()
    seals = NamedSeals("tracking")
    monkeypatch.setattr(ports, "seals", lambda: seals)
    monkeypatch.setattr(http, "_call", network.call)
    for module in (fetching, delivery):
        monkeypatch.setattr(module, "ThreadPoolExecutor", OneByOne)
    return network


def deliver() -> int:
    """Send until nothing is due; how many messages were tried."""
    count = 0
    while tried := delivery.deliver_some():
        count += tried
    return count


def pending_count() -> int:
    """How many messages still wait for their answer."""
    return OutgoingMessage.objects.filter(state=OutgoingMessage.State.PENDING).count()
