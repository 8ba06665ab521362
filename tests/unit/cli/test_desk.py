"""The driver's person at a desk."""

from __future__ import annotations

import socket

import pytest

from hocba.cli.desk import Desk, DeskError


class TestDesk:
    def test_says_that_nobody_answers(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]

        with pytest.raises(DeskError, match=f"127.0.0.1:{port} không trả lời"):
            Desk(f"http://127.0.0.1:{port}", username="79764501.gv0001", password="x")
