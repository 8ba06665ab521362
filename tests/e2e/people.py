"""People at their desks and systems on the wire: who does something over HTTP, and how it was refused."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from hocba.cli.desk import Desk, DeskError
from hocba.exchange import bundles
from hocba.platform.messages import ports
from hocba.sites.wiring import CertificateSeals
from tests.e2e.running import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocba.cli.chain import Chain
    from tests.e2e.running import Running

_STATUS = re.compile(r"[^:]*: (\d{3})\b ?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Refused:
    """The HTTP status and what the answer said."""

    status: int
    reason: str


def refusal_of(act: Callable[[], object]) -> Refused:
    """What a desk or page answers to something it must refuse; done is a failure of the test."""
    with pytest.raises(DeskError) as caught:
        act()
    found = _STATUS.fullmatch(str(caught.value))
    assert found, str(caught.value)
    return Refused(int(found[1]), found[2])


class People:
    """The people of one school, signed in when first needed."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._desks: dict[tuple[str, str], Desk] = {}

    def desk(self, side: str, code: str) -> Desk:
        if (side, code) not in self._desks:
            username = f"{self._chain.school}.{code}".lower()
            address = self._chain.house.address(side)
            self._desks[side, code] = Desk(address, username=username, password=PASSWORD)
        return self._desks[side, code]

    def tasks(self, side: str, code: str, slot: str) -> list[dict[str, Any]]:
        return [task for task in self.desk(side, code).tasks() if task["slot"].lower() == slot]

    def sign(self, side: str, code: str, task: str, *, holder: str | None = None) -> int:
        """Sign a task with the person's own key or, for the seal and for tests, with another holder's."""
        keys, name = self._chain.keys, self._chain.key_name(holder or code)
        return self.desk(side, code).sign(task, keys.key(name), keys.certificate(name))

    def status_of(self, side: str, code: str, path: str) -> int:
        """What opening a page gives."""
        try:
            self.desk(side, code).get(path)
        except DeskError as error:
            return int(str(error).rpartition(": ")[2])
        return 200


class System:
    """One side's system on the wire, with its real key; its answers' signatures are checked too."""

    def __init__(self, running: Running, name: str) -> None:
        self._running = running
        self._seals = CertificateSeals(name, running.state / "messages")
        self._pool = urllib3.PoolManager(retries=False, timeout=60)

    def send(self, side: str, method: str, path: str, *files: bytes, seal: bool = True) -> ports.Answer:
        """Send one message with one file, several or none, under a fresh Idempotency-Key; unsigned on request."""
        now, body = datetime.now(UTC), b"".join(files)
        content_type = bundles.media_type(files) if len(files) > 1 else "application/xml"
        headers = {"content-type": content_type, "idempotency-key": str(uuid.uuid4())}
        request = ports.Request(
            method=method, url=self._running.house.address(side) + path, headers=headers, body=body
        )
        if seal:
            headers |= self._seals.seal_request(request, at=now)
        got = self._pool.request(method, request.url, body=body or None, headers=headers, redirect=False)
        answer = ports.Answer(
            status=got.status, headers={k.lower(): v for k, v in got.headers.items()}, body=got.data
        )
        if seal:
            sealed = ports.Request(method=method, url=request.url, headers=headers, body=body)
            self._seals.check_answer(answer, request=sealed, sender=side, at=now)
        return answer
