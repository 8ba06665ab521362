"""What the agent answers to whom: every check in its order, without any socket.

1. Host names this agent (no DNS rebinding). 2. Origin is one that can be trusted, and is listed where only listed ones
may call. 3. Preflights are answered. 4. JSON only, within sizes. 5. Except for status and pairing: the token of the
pairing, from its own origin and for its own account. Then the work.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from hocba_agent import __version__, origins
from hocba_agent.batches import LARGEST_CHUNK, LARGEST_ITEM, Announcement, Desk
from hocba_agent.pairings import Pairings
from hocba_agent.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hocba_agent.config import Config
    from hocba_agent.pairing_file import Pairing
    from hocba_agent.prompts import Prompter
    from hocba_agent.tokens import Tokens

log = logging.getLogger("hocba_agent")

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes: 50,000 digests, or a chunk of 25 texts of the largest size."""
LARGEST_BODY_OF_STRANGERS = 16 * 1024
"""Of a request that brings no token of a pairing: any page can send those."""
METHODS = "GET, POST, DELETE"
HEADERS = "authorization, content-type, hocba-user"
PREFLIGHT_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request, its header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer; `body` None means that there is none."""

    status: int
    body: dict[str, object] | None
    headers: dict[str, str] = field(default_factory=dict)


class Api:
    """The agent behind its port."""

    def __init__(
        self,
        config: Config,
        directory: Path,
        *,
        tokens: Tokens,
        prompter: Prompter,
        clock: Callable[[], datetime],
    ) -> None:
        self._config = config
        self._prompter = prompter
        self._tokens = tokens
        self._clock = clock
        self.pairings = Pairings(directory, days=config.pairing_days)
        self.desk = Desk(tokens, prompter, idle=timedelta(minutes=config.idle_minutes), clock=clock)

    def handle(self, request: Request, *, port: int) -> Answer:
        """Answer one request that came in at `port`; never raises."""
        origin = request.headers.get("origin")
        try:
            if not origins.is_own_host(request.headers.get("host"), port):
                raise Problem("host_refused")
            if not origins.is_acceptable(origin) or origin is None:
                raise Problem("origin_refused")
        except Problem as problem:  # whoever this is may not even read why
            return Answer(status=problem.status, body=problem.body())
        try:
            answer = self._admitted(request, origin)
        except Problem as problem:
            answer = Answer(status=problem.status, body=problem.body())
        except Exception:  # the next request must find an agent, and what went wrong stays here
            log.exception("unexpected")
            answer = Answer(status=HTTPStatus.INTERNAL_SERVER_ERROR, body=Problem("unexpected").body())
        return Answer(status=answer.status, body=answer.body, headers={**answer.headers, **_cors(origin)})

    def _admitted(self, request: Request, origin: str) -> Answer:
        is_listed = origin in self._config.origins
        if self._config.only_listed_origins and not is_listed:
            raise Problem("origin_refused")
        if request.method == "OPTIONS":
            return _preflight(request)
        if request.headers.get("sec-fetch-mode", "cors") != "cors":
            raise Problem("origin_refused")  # a link, a form, an image: never our script
        return self._routed(request, origin)

    def _routed(self, request: Request, origin: str) -> Answer:
        for method, pattern, name in ROUTES:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                body = _json(request) if method == "POST" else {}
                work = getattr(self, name)
                if name in OPEN:
                    return Answer(status=HTTPStatus.OK, body=work(origin, body, **match.groupdict()))
                pairing = self._pairing(request, origin)
                return Answer(status=HTTPStatus.OK, body=work(pairing, body, **match.groupdict()))
        raise Problem("not_found")

    def _pairing(self, request: Request, origin: str) -> Pairing:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        user = unquote(request.headers.get("hocba-user", ""))
        if kind != "Bearer" or not token:
            raise Problem("not_paired")
        return self.pairings.find(token, origin, user, now=self._clock())

    # What follows answers one route each; `body` was checked to be a JSON object.

    def _status(self, origin: str, body: Mapping[str, Any]) -> dict[str, object]:
        del body
        return {
            "agent": "hocba-agent",
            "version": __version__,
            "instance": self.pairings.instance(origin),
        }

    def _offer(self, origin: str, body: Mapping[str, Any]) -> dict[str, object]:
        name, code = self.pairings.offer(origin, _text(body, "user"), now=self._clock())
        return {"pairing": name, "code": code}

    def _confirm(self, origin: str, body: Mapping[str, Any], name: str) -> dict[str, object]:
        del body
        return {"token": self.pairings.confirm(name, origin, self._prompter, now=self._clock())}

    def _unpair(self, pairing: Pairing, body: Mapping[str, Any]) -> dict[str, object]:
        del body
        return {"ended": self.pairings.forget(pairing.id)}

    def _certificates(self, pairing: Pairing, body: Mapping[str, Any]) -> dict[str, object]:
        del pairing, body
        return {
            "certificates": [
                {**place.certificate.body(), "token": place.token_label, "pin_attempts": place.attempts}
                for place in self._tokens.places()
            ]
        }

    def _open(self, pairing: Pairing, body: Mapping[str, Any]) -> dict[str, object]:
        announced = Announcement.checked(
            certificate=_text(body, "certificate"),
            title=_text(body, "title"),
            count=_whole(body, "count"),
            digest=_text(body, "digest"),
            digests=_texts(body, "digests"),
            left=_texts(body, "left") if "left" in body else None,
        )
        page = origins.shown(pairing.origin)
        batch = self.desk.open(announced, pairing=pairing.id, page=page, user=pairing.user)
        return batch.body(self._clock())

    def _state(self, pairing: Pairing, body: Mapping[str, Any], batch: str) -> dict[str, object]:
        del body
        return self.desk.state(batch, pairing=pairing.id).body(self._clock())

    def _resume(self, pairing: Pairing, body: Mapping[str, Any], batch: str) -> dict[str, object]:
        del body
        return self.desk.resume(batch, pairing=pairing.id).body(self._clock())

    def _sign(self, pairing: Pairing, body: Mapping[str, Any], batch: str) -> dict[str, object]:
        state, made = self.desk.sign(batch, _items(body), pairing=pairing.id)
        values = {name: base64.b64encode(value).decode() for name, value in made.items()}
        return {**state.body(self._clock()), "signatures": values}

    def _close(self, pairing: Pairing, body: Mapping[str, Any], batch: str) -> dict[str, object]:
        del body
        self.desk.close(batch, pairing=pairing.id)
        return {"closed": True}


_NAME = r"[A-Za-z0-9_-]{1,64}"
ROUTES = (
    ("GET", re.compile(r"/v1/status"), "_status"),
    ("POST", re.compile(r"/v1/pairings"), "_offer"),
    ("POST", re.compile(rf"/v1/pairings/(?P<name>{_NAME})/confirmation"), "_confirm"),
    ("DELETE", re.compile(r"/v1/pairings/current"), "_unpair"),
    ("GET", re.compile(r"/v1/certificates"), "_certificates"),
    ("POST", re.compile(r"/v1/batches"), "_open"),
    ("GET", re.compile(rf"/v1/batches/(?P<batch>{_NAME})"), "_state"),
    ("POST", re.compile(rf"/v1/batches/(?P<batch>{_NAME})/resume"), "_resume"),
    ("POST", re.compile(rf"/v1/batches/(?P<batch>{_NAME})/sign"), "_sign"),
    ("DELETE", re.compile(rf"/v1/batches/(?P<batch>{_NAME})"), "_close"),
)
OPEN = frozenset({"_status", "_offer", "_confirm"})
"""What needs no pairing."""


def _cors(origin: str) -> dict[str, str]:
    """What lets the page read the answer: this page and no other, and never with cookies."""
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}


def _preflight(request: Request) -> Answer:
    headers = {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": HEADERS,
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
    if request.headers.get("access-control-request-private-network") == "true":
        # Private Network Access, which Chrome asked for before it asked the person (Local Network Access).
        headers["Access-Control-Allow-Private-Network"] = "true"
    return Answer(status=HTTPStatus.NO_CONTENT, body=None, headers=headers)


def _json(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem("wrong_media_type")
    if len(request.body) > LARGEST_BODY:
        raise Problem("too_large")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Problem("malformed") from error
    if not isinstance(body, dict):
        raise Problem("malformed")
    return body


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Problem("malformed")
    return value


def _whole(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name)
    if type(value) is not int or value < 0:
        raise Problem("malformed")
    return value


def _texts(body: Mapping[str, Any], name: str) -> list[str]:
    value = body.get(name)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Problem("malformed")
    return value


def _items(body: Mapping[str, Any]) -> dict[str, bytes]:
    """The chunk by name. Raises Problem: malformed, too_large."""
    value = body.get("items")
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Problem("malformed")
    if not 0 < len(value) <= LARGEST_CHUNK:
        raise Problem("too_large")
    try:
        items = {
            _text(item, "id"): base64.b64decode(_text(item, "to_be_signed"), validate=True) for item in value
        }
    except binascii.Error as error:
        raise Problem("malformed") from error
    if len(items) != len(value):
        raise Problem("malformed")
    if any(len(data) > LARGEST_ITEM for data in items.values()):
        raise Problem("too_large")
    return items
