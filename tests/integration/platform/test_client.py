"""Waiting for another side has an end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from hocba.platform.messages import client, ports

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"


@pytest.fixture
def silent() -> Iterator[str]:
    """A side that takes a request and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


@pytest.fixture
def dripping() -> Iterator[str]:
    """A side that sends its answer byte by byte, each in time."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                line.recv(65536)
                line.sendall(HEAD)
                while not ended.wait(0.05):
                    try:
                        line.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        ended.set()
        thread.join(5)


class TestCall:
    @pytest.mark.parametrize("kind", ["silent", "dripping"])
    def test_gives_up_after_the_time_given(self, kind: str, request: pytest.FixtureRequest) -> None:
        url = request.getfixturevalue(kind)
        start = time.monotonic()

        with pytest.raises(client.UnreachableError):
            client._call(ports.Request(method="GET", url=url, headers={}, body=b""), 0.3)

        assert time.monotonic() - start < 5
