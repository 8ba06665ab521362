"""The agent on its port: loopback only, small requests only, every wait limited."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from hocba_agent.api import LARGEST_BODY, LARGEST_BODY_OF_STRANGERS, Answer, Api, Request
from hocba_agent.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger("hocba_agent")

CONNECTIONS = 24
"""At once; a browser opens six for one address."""
SECONDS_TO_SEND = 15.0
"""How long a client may take between the bytes of a request, and stay without a new one."""
SECONDS_BETWEEN_LOOKS = 1.0
"""How often somebody looks whether the batch has been idle for too long."""


class PortsTakenError(Exception):
    """None of the ports is free."""


class Handler(BaseHTTPRequestHandler):
    """Reads one request after the other and hands them to the `Api`."""

    protocol_version = "HTTP/1.1"
    server: Server
    timeout = SECONDS_TO_SEND
    wbufsize = -1  # headers and body leave in one piece
    disable_nagle_algorithm = True

    def version_string(self) -> str:
        """Tell nobody which Python this is."""
        return "hocba-agent"

    def do_GET(self) -> None:
        """Any method: the `Api` knows which it has."""
        headers = self._single_headers()
        body = self._read_body()
        if headers is None or body is None:
            self.close_connection = True
            problem = Problem("too_large" if headers is not None else "malformed")
            self._send(Answer(status=problem.status, body=problem.body()))
            return
        request = Request(method=self.command, path=self.path, headers=headers, body=body)
        self._send(self.server.api.handle(request, port=self.server.server_port))

    do_POST = do_DELETE = do_OPTIONS = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Method, path and status; nothing of what was asked or answered."""
        log.debug(format, *args)

    def _single_headers(self) -> dict[str, str] | None:
        """Headers by lower-case name; None when one that decides anything is there twice."""
        names = [name.lower() for name in self.headers]
        if any(names.count(name) > 1 for name in ("host", "origin", "authorization", "content-length")):
            return None
        return {name.lower(): value for name, value in self.headers.items()}

    def _read_body(self) -> bytes | None:
        if "transfer-encoding" in self.headers:
            return None
        length = self.headers.get("content-length", "0")
        largest = LARGEST_BODY if "authorization" in self.headers else LARGEST_BODY_OF_STRANGERS
        if not length.isdecimal() or int(length) > largest:
            return None
        return self.rfile.read(int(length))

    def _send(self, answer: Answer) -> None:
        content = b"" if answer.body is None else json.dumps(answer.body, ensure_ascii=False).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.body is not None:
            self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(content)


class Server(ThreadingHTTPServer):
    """One listening address."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # elsewhere it only means not to wait for connections that ended
    request_queue_size = CONNECTIONS

    def __init__(self, address: str, port: int, api: Api) -> None:
        self.api = api
        self._places = threading.BoundedSemaphore(CONNECTIONS)
        self._connections: set[socket.socket] = set()
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, port), Handler)

    def server_bind(self) -> None:
        """Bind alone: on Windows another program could otherwise take the same port and be called instead."""
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        super().server_bind()

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], address: object) -> None:
        """Serve in a thread of its own, or hang up when too many are being served."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, address)

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], address: object
    ) -> None:
        """Serve, and make room for the next."""
        connection = request if isinstance(request, socket.socket) else request[1]
        self._connections.add(connection)
        try:
            super().process_request_thread(request, address)
        finally:
            self._connections.discard(connection)
            self._places.release()

    def server_close(self) -> None:
        """Stop listening, and hang up on whoever is still connected: nobody speaks to an agent that has ended."""
        super().server_close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, address: object) -> None:
        """A client that went away is no news."""
        log.debug("connection ended", exc_info=True)


class Listening:
    """The agent while it serves; ends with `stop`."""

    def __init__(self, api: Api, ports: Sequence[int], *, poll: float = 0.5) -> None:
        """Begin. `poll`: seconds within which it ends after `stop`. Raises PortsTakenError."""
        self._api = api
        self._servers = _bind(api, ports)
        self._ended = threading.Event()
        self._threads = [
            *(
                threading.Thread(target=server.serve_forever, args=(poll,), daemon=True)
                for server in self._servers
            ),
            threading.Thread(target=self._watch, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def port(self) -> int:
        """Where the agent listens."""
        return self._servers[0].server_port

    def wait(self) -> None:
        """Until `stop`."""
        self._ended.wait()

    def stop(self) -> None:
        """Take no more requests, sign the token out."""
        self._ended.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._api.desk.stop()

    def _watch(self) -> None:
        while not self._ended.wait(SECONDS_BETWEEN_LOOKS):
            if self._api.desk.close_idle():
                log.info("Lượt ký đã được đóng vì để quá lâu.")


def _bind(api: Api, ports: Sequence[int]) -> list[Server]:
    """The first free port, on IPv4 and where there is one on IPv6. Raises PortsTakenError."""
    for port in ports:
        try:
            first = Server("127.0.0.1", port, api)
        except OSError:
            continue
        servers = [first]
        with suppress(OSError):  # no IPv6, or somebody else there: the pages call the IPv4 address
            servers.append(Server("::1", first.server_port, api))
        return servers
    raise PortsTakenError
