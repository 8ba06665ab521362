from __future__ import annotations

import socket
from contextlib import suppress

import pytest

from hocba_agent.api import LARGEST_BODY
from hocba_agent.server import CONNECTIONS, Listening, PortsTakenError
from tests.unit.agent.conftest import ORIGIN, Agent

pytestmark = pytest.mark.external


def spoken(port: int, request: str) -> str:
    """What comes back for raw bytes."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection, suppress(ConnectionError):
        connection.sendall(request.encode())
        connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65_536):
            answer += part
    return answer.decode()


class TestListening:
    def test_is_on_loopback_only(self, agent: Agent) -> None:
        addresses = {server.server_address[0] for server in agent.listening._servers}

        assert addresses <= {"127.0.0.1", "::1"}

    def test_takes_the_next_port_when_one_is_taken(self, agent: Agent) -> None:
        taken = agent.listening.port
        second = Listening(agent.api, [taken, 0], poll=0.02)
        try:
            assert second.port != taken
        finally:
            second.stop()
        with pytest.raises(PortsTakenError):
            Listening(agent.api, [taken])


class TestStop:
    def test_hangs_up_on_browsers_that_keep_their_connection(self, agent: Agent) -> None:
        port = agent.listening.port
        request = f"GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {ORIGIN}\r\n\r\n".encode()
        with socket.create_connection(("127.0.0.1", port), timeout=5) as kept:
            kept.sendall(request)
            assert kept.recv(65_536).startswith(b"HTTP/1.1 200")
            agent.listening.stop()

            assert kept.recv(65_536) == b""


class TestRequests:
    def test_of_strangers_may_be_small_only(self, agent: Agent) -> None:
        port = agent.listening.port
        head = f"POST /v1/pairings HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {ORIGIN}\r\nConnection: close\r\n"

        assert spoken(port, f"{head}Content-Length: 20000\r\n\r\n").startswith("HTTP/1.1 413")
        brought = f"{head}Authorization: Bearer x\r\nContent-Length: 20000\r\n\r\n{'x' * 20_000}"
        assert spoken(port, brought).startswith("HTTP/1.1 415")

    def test_that_are_too_large_are_not_read(self, agent: Agent) -> None:
        port = agent.listening.port
        answer = spoken(
            port,
            f"POST /v1/pairings HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {ORIGIN}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {LARGEST_BODY + 1}\r\n\r\n",
        )

        assert answer.startswith("HTTP/1.1 413")

    @pytest.mark.parametrize(
        "twice",
        [
            "Origin: https://evil.example",
            "Host: evil.example",
            "Content-Length: 5",
            "Transfer-Encoding: chunked",
        ],
    )
    def test_that_may_be_read_in_two_ways_are_refused(self, agent: Agent, twice: str) -> None:
        port = agent.listening.port
        answer = spoken(
            port,
            f"GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {ORIGIN}\r\n"
            f"Content-Length: 0\r\n{twice}\r\n\r\n",
        )

        assert answer.split(" ")[1] in ("400", "413")
        assert 'hocba-agent"' not in answer

    def test_beyond_what_one_machine_needs_are_hung_up_on(self, agent: Agent) -> None:
        waiting = [
            socket.create_connection(("127.0.0.1", agent.listening.port), timeout=5)
            for _ in range(CONNECTIONS)
        ]
        try:
            for connection in waiting:
                connection.sendall(b"GET ")
            assert spoken(agent.listening.port, "GET / HTTP/1.1\r\n\r\n") == ""
        finally:
            for connection in waiting:
                connection.close()
