"""The worker class of the web servers: threads, and no client that may hold one by sending slowly.

`gunicorn --worker-class hocba.sites.web_worker.PatientWorker --threads 8`. Production puts a buffering proxy in front
(docs/how-to/reverse-proxy.md); these bounds are what is left when somebody forgets it.
"""

from __future__ import annotations

import errno
import socket
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

STALL_SECONDS = 10.0
"""How long a client may stay silent in the middle of a request."""

RECEIVE_SECONDS = 60.0
"""How long a whole request may take to come in: 8 MB at a megabit a second."""

SEND_SECONDS = 60.0
"""How long a client may take to accept a piece of the answer."""


class PatientSocket(socket.socket):
    """A socket on which receiving has a deadline, for each piece and for all of them."""

    _end = 0.0

    def expect_request(self) -> None:
        """A request may begin to come in from now on."""
        self._end = time.monotonic() + RECEIVE_SECONDS

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Receive, or fail as if the client had gone away."""
        left = min(STALL_SECONDS, self._end - time.monotonic())
        try:
            if left <= 0:
                raise TimeoutError
            self.settimeout(left)
            return super().recv(size, flags)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "the client sends too slowly") from None
        finally:
            self.settimeout(SEND_SECONDS)


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker over patient sockets."""

    def enqueue_req(self, conn: Any) -> None:
        """Hand a connection to a thread; from here on a request is expected of it."""
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket(fileno=conn.sock.detach())
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """Serve one request."""
        conn.sock.expect_request()
        return super().handle(conn)
