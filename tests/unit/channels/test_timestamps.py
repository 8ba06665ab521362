"""Asking time-stamp authorities over real sockets on loopback."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hocba.channels import timestamps as channel
from hocba.channels.timestamps import Made, NoTimestampError, stamp
from hocba.signing import timestamp_unit, timestamps
from hocba.signing.errors import TimestampError
from hocba.signing.timestamps import Timestamp
from tests.factories.evidence import POLICY, unit, year

UNIT = unit("kênh", start=year(2025), end=year(2060))
DIGEST = hashlib.sha256(b"note").digest()

Answer = Callable[[bytes], tuple[int, bytes]]


@contextmanager
def authority(answer: Answer) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers as told; gives its address and what it was asked."""
    asked: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["content-length"])))
            assert self.headers["content-type"] == channel.QUERY
            status, body = answer(asked[-1])
            self.send_response(status)
            if status == 302:
                self.send_header("location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def honest(request: bytes) -> tuple[int, bytes]:
    now = datetime.now(UTC)
    return 200, timestamp_unit.issue(request, key=UNIT.key, policy=POLICY, serial=1, at=now)


def accept(token: bytes) -> Timestamp:
    return timestamps.read(token, DIGEST, [UNIT.authority.certificate])


def asked_of(*answers: Answer, accept: Callable[[bytes], Timestamp] = accept) -> tuple[Made, list[int]]:
    with ExitStack() as stack:
        servers = [stack.enter_context(authority(answer)) for answer in answers]
        made = stamp(DIGEST, addresses=[address for address, _ in servers], accept=accept)
        return made, [len(asked) for _, asked in servers]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "PAUSE_SECONDS", 0)


class TestStamp:
    def test_gives_the_token_of_the_first_authority(self) -> None:
        made, counts = asked_of(honest, honest)

        assert (made.host, counts) == ("127.0.0.1", [1, 0])
        assert made.stamp.certificate == UNIT.holder.certificate

    def test_goes_on_to_the_next_when_one_does_not_work(self) -> None:
        assert asked_of(lambda _: (404, b""), honest)[1] == [1, 1]

    def test_asks_again_after_a_fault_that_may_pass(self) -> None:
        statuses = iter([(503, b"")])
        assert asked_of(lambda request: next(statuses, None) or honest(request))[1] == [2]

    def test_goes_on_when_a_token_is_not_believed(self) -> None:
        stranger = unit("kẻ lạ", start=year(2025), end=year(2060))

        def other(request: bytes) -> tuple[int, bytes]:
            answer = timestamp_unit.issue(
                request, key=stranger.key, policy=POLICY, serial=1, at=datetime.now(UTC)
            )
            return 200, answer

        made, counts = asked_of(other, honest)
        assert made.stamp.certificate == UNIT.holder.certificate
        assert counts == [1, 1]

    @pytest.mark.parametrize(
        "answer",
        [
            lambda _: (500, b""),
            lambda _: (200, b""),
            lambda _: (200, b"<html>"),
            lambda _: (302, b""),
            lambda _: (200, b"\x30" * (timestamps.LONGEST_TOKEN + 1)),
            lambda _: (200, honest(timestamps.build_request(DIGEST, nonce=1))[1]),
            lambda _: (200, honest(timestamps.build_request(bytes(32), nonce=1))[1]),
        ],
        ids=["broken", "empty", "page", "redirect", "too-large", "another-nonce", "another-digest"],
    )
    def test_takes_nothing_from_a_bad_authority(self, answer: Answer) -> None:
        with pytest.raises(NoTimestampError) as caught:
            asked_of(answer)
        assert [each.host for each in caught.value.refusals] == ["127.0.0.1"]

    def test_takes_nothing_from_where_nobody_listens(self) -> None:
        with authority(honest) as (address, _):
            pass
        with pytest.raises(NoTimestampError, match="not reached"):
            stamp(DIGEST, addresses=[address], accept=accept)

    def test_does_not_wait_for_a_trickle(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(channel, "WHOLE_SECONDS", -1.0)
        with pytest.raises(NoTimestampError):
            asked_of(honest)

    @pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x/", "tsa"])
    def test_asks_nothing_but_web_addresses(self, address: str) -> None:
        with pytest.raises(NoTimestampError, match="neither http nor https"):
            stamp(DIGEST, addresses=[address], accept=accept)

    def test_needs_an_authority(self) -> None:
        with pytest.raises(NoTimestampError):
            stamp(DIGEST, addresses=[], accept=accept)


def test_a_refusing_judge_is_heard() -> None:
    def refuse(token: bytes) -> Timestamp:
        raise TimestampError("no")

    with pytest.raises(NoTimestampError, match="no"):
        asked_of(honest, accept=refuse)
