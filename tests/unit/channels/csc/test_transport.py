"""Answers that break limits or the protocol, over real sockets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hocba.channels.csc import transport
from hocba.channels.csc.errors import CscError, LostAnswerError, ProviderRefusedError, UnusableAnswerError
from hocba.channels.csc.profiles import Profile
from hocba.channels.csc.transport import Caller


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Caller]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield Caller(
            Profile(
                id="a",
                title="A",
                base_url=address,
                oauth_url=address,
                client_id="c",
                client_secret="s",
                seconds=2,
            )
        )
    finally:
        server.shutdown()
        server.server_close()


def with_body(content: bytes, status: int = 200) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("location", "http://127.0.0.1:1/")
        handler.end_headers()
        handler.wfile.write(content)

    return answer


class TestPost:
    @pytest.mark.parametrize(
        ("content", "status", "error"),
        [
            (b"{}", 302, ProviderRefusedError),
            (b"<html>", 200, LostAnswerError),
            (b"[]", 200, UnusableAnswerError),
            (b"{}", 503, LostAnswerError),
            (b'{"error":"invalid_otp"}', 400, ProviderRefusedError),
            (b'{"SAD":1}', 200, UnusableAnswerError),
        ],
    )
    def test_tells_answers_apart(self, content: bytes, status: int, error: type[CscError]) -> None:
        with answering(with_body(content, status)) as caller, pytest.raises(error):
            caller.post("info", {}).text("SAD")

    def test_reads_no_more_than_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(transport, "LARGEST_ANSWER", 100_000)
        content = b'{"a":"' + b"x" * 200_000 + b'"}'

        with answering(with_body(content)) as caller, pytest.raises(UnusableAnswerError, match="more than"):
            caller.post("info", {})

    def test_says_nothing_of_the_body_in_its_errors(self) -> None:
        content = b'{"error":"x","error_description":"token kin-kin"}'

        with answering(with_body(content, 400)) as caller, pytest.raises(ProviderRefusedError) as error:
            caller.post("info", {})

        assert "kin-kin" not in str(error.value)

    def test_counts_an_end_in_the_middle_as_lost(self) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("content-length", "100")
            handler.end_headers()
            handler.wfile.write(b"{")

        with answering(answer) as caller, pytest.raises(LostAnswerError):
            caller.post("info", {})
