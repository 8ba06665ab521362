from __future__ import annotations

import fcntl
import os
import pty
import re
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hocba.signing import algorithms
from hocba_agent import cli
from hocba_agent.pairings import Pairings
from tests.factories import soft_tokens as tokens
from tests.unit.agent.conftest import ORIGIN, Page, Person
from tests.unit.agent.test_api import name_of, texts, values

pytestmark = pytest.mark.external


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    soft = tokens.soft_tokens()
    monkeypatch.setenv("HOCBA_AGENT_HOME", str(tmp_path))
    (tmp_path / "config.toml").write_text(f"libraries = ['{soft.agent_library}']\nprompt = 'terminal'\n")
    return tmp_path


class Terminal:
    """A terminal with a person before it: says what it is told when it reads the cue."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.seen = ""
        self._answers = answers
        self._ours, self._theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hocba_agent", "serve", "--port", "0"],
            stdin=self._theirs, stdout=self._theirs, stderr=self._theirs, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(self._theirs)
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        unread = ""
        while True:
            try:
                part = os.read(self._ours, 4_096).decode("utf-8", "replace")
            except OSError:
                return
            self.seen += part
            unread += part
            for cue, answer in self._answers.items():
                if cue in unread:
                    unread = ""
                    os.write(self._ours, answer.encode() + b"\n")

    def port(self) -> int:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if found := re.search(r"127\.0\.0\.1:(\d+)", self.seen):
                return int(found.group(1))
            time.sleep(0.05)
        raise AssertionError(self.seen)


@pytest.fixture
def terminal(home: Path) -> Iterator[Terminal]:
    terminal = Terminal({"để đồng ý:": "co", "để trống để hủy):": tokens.PIN})
    yield terminal
    terminal.process.terminate()
    terminal.process.wait(timeout=10)


class TestServe:
    def test_asks_in_the_terminal_and_signs(self, terminal: Terminal) -> None:
        soft, items = tokens.soft_tokens(), texts(3)
        page = Page(terminal.port())
        code = page.pair()
        assert page.open(name_of(soft.rsa), items)[0] == 200

        for item, value in zip(items, values(page.sign(items)[1]), strict=True):
            algorithms.verify_raw(soft.rsa.certificate, value, item)
        assert code in terminal.seen
        assert "Ký 3 văn bản: Học bạ lớp 9A1" in terminal.seen
        assert tokens.PIN not in terminal.seen  # nothing is echoed

    def test_is_found_by_a_second_one_before_the_first_pairing(
        self, terminal: Terminal, home: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        port = terminal.port()

        assert cli.main(["serve", "--port", str(port)]) == 0
        assert f"đang chạy ở cổng {port}" in capsys.readouterr().out

    def test_ends_a_pairing_under_way_when_the_command_says_so(self, terminal: Terminal, home: Path) -> None:
        page = Page(terminal.port())
        page.pair()
        assert page.call("GET", "/v1/certificates")[0] == 200

        assert cli.main(["pairings", "--end", "all"]) == 0
        status, answer, _ = page.call("GET", "/v1/certificates")
        assert (status, answer["code"]) == (401, "not_paired")

    def test_ends_when_told_to(self, terminal: Terminal) -> None:
        terminal.port()
        terminal.process.terminate()

        assert terminal.process.wait(timeout=10) == 0


class TestDevices:
    def test_lists_libraries_tokens_and_certificates(
        self, home: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main(["devices"]) == 0
        said = capsys.readouterr().out

        assert tokens.soft_tokens().agent_library in said
        assert f"{tokens.TEACHER}: Vũ Văn Giang (RSA-2048)" in said


class TestPairings:
    def test_are_listed_and_ended(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        pairings = Pairings(home, days=90)
        name, _ = pairings.offer(ORIGIN, "gv0006", now=datetime(2026, 11, 22, tzinfo=UTC))
        pairings.confirm(name, ORIGIN, Person(), now=datetime(2026, 11, 22, tzinfo=UTC))

        assert cli.main(["pairings"]) == 0
        assert f"{ORIGIN}  gv0006  đến 2027-02-20" in capsys.readouterr().out
        assert cli.main(["pairings", "--end", "all"]) == 0
        assert cli.main(["pairings", "--end", "all"]) == 1

    def test_that_cannot_be_kept_are_said(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (home / "pairings.json").mkdir()

        assert cli.main(["serve", "--port", "0"]) == 2
        assert f"tệp ghép nối trong {home}" in capsys.readouterr().out


class TestConfiguration:
    def test_that_is_wrong_is_said(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (home / "config.toml").write_text("pin = 1")

        assert cli.main(["devices"]) == 2
        assert "pin" in capsys.readouterr().out
