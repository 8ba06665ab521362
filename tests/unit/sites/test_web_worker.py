"""Slow clients do not keep the threads of a web server."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hocba.sites import web_worker
from hocba.sites.web_worker import PatientSocket

CONFIGURATION = """
from hocba.sites import web_worker
web_worker.STALL_SECONDS = 0.5
web_worker.RECEIVE_SECONDS = 1.5
bind = "127.0.0.1:{port}"
workers, threads = 1, 2
worker_class = "hocba.sites.web_worker.PatientWorker"
control_socket_disable = True
"""
APPLICATION = """
def application(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""


class TestPatientSocket:
    @pytest.fixture
    def pair(self) -> Iterator[tuple[PatientSocket, socket.socket]]:
        ours, theirs = socket.socketpair()
        with PatientSocket(fileno=ours.detach()) as patient, theirs:
            patient.expect_request()
            yield patient, theirs

    def test_gives_what_comes_in_time(self, pair: tuple[PatientSocket, socket.socket]) -> None:
        pair[1].sendall(b"GET /")

        assert pair[0].recv(100) == b"GET /"

    def test_gives_up_a_client_that_falls_silent(
        self, pair: tuple[PatientSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(web_worker, "STALL_SECONDS", 0.05)

        with pytest.raises(ConnectionResetError):
            pair[0].recv(100)

    def test_gives_up_a_client_that_drips(
        self, pair: tuple[PatientSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(web_worker, "RECEIVE_SECONDS", 0.05)
        pair[0].expect_request()
        pair[1].sendall(b"x" * 100)
        assert pair[0].recv(1) == b"x"
        time.sleep(0.1)

        with pytest.raises(ConnectionResetError):
            pair[0].recv(1)


class TestPatientWorker:
    @pytest.fixture
    def port(self, tmp_path: Path) -> Iterator[int]:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port: int = probe.getsockname()[1]
        (tmp_path / "conf.py").write_text(CONFIGURATION.format(port=port))
        (tmp_path / "app.py").write_text(APPLICATION)
        command = [sys.executable, "-m", "gunicorn", "-c", str(tmp_path / "conf.py"), "app:application"]
        running = subprocess.Popen(command, cwd=tmp_path, env={**os.environ}, stderr=subprocess.DEVNULL)
        try:
            self.wait(port)
            yield port
        finally:
            running.terminate()
            running.wait(10)

    def wait(self, port: int) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                self.ask(port)
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError

    def ask(self, port: int, body: bytes = b"") -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/", body)
        found = connection.getresponse().read()
        connection.close()
        return found

    def test_answers_while_more_clients_stall_than_it_has_threads(self, port: int) -> None:
        slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(4)]
        for line in slow:
            line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab")

        assert self.ask(port, b"quick") == b"quick"
        for line in slow:
            line.close()

    def test_serves_several_requests_over_one_connection(self, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for number in range(3):
            connection.request("POST", "/", str(number) * 100_000)
            assert connection.getresponse().read() == str(number).encode() * 100_000
        connection.close()
