"""Commands of a side run as forks of one process that has Django loaded."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from hocba.cli import command_server
from hocba.cli.command_server import CommandServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def server() -> Iterator[CommandServer]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore::RuntimeWarning", "-m", command_server.MODULE, "portal"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    found = CommandServer(process)
    yield found
    found.stop()


def say(expression: str) -> list[str]:
    return ["shell", "--no-imports", "-c", f"import os; print({expression})"]


class TestCommandServer:
    def test_gives_what_a_command_wrote_and_its_exit_code(self, server: CommandServer) -> None:
        done = server.run(say("'được'"), {})

        assert (done.returncode, done.stdout.decode()) == (0, "được\n")

    def test_says_that_a_command_failed(self, server: CommandServer) -> None:
        done = server.run(["no_such_command"], {})

        assert done.returncode == 1
        assert b"no_such_command" in done.stderr

    def test_adds_variables_for_one_command_only(self, server: CommandServer) -> None:
        asked = say("os.environ.get('HOCBA_NEW_PASSWORD')")

        assert server.run(asked, {"HOCBA_NEW_PASSWORD": "x"}).stdout == b"x\n"
        assert server.run(asked, {}).stdout == b"None\n"

    def test_runs_every_command_in_a_process_of_its_own(self, server: CommandServer) -> None:
        numbers = {server.run(say("os.getpid()"), {}).stdout for _ in range(2)}

        assert len(numbers) == 2

    def test_outlives_a_command_that_was_killed(self, server: CommandServer) -> None:
        done = server.run(say("os.kill(os.getpid(), 9)"), {})

        assert done.returncode == -signal.SIGKILL
        assert server.run(say("1"), {}).stdout == b"1\n"

    def test_ends_with_a_command_that_still_runs(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(600)"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        start = time.monotonic()

        CommandServer(process).stop()

        assert time.monotonic() - start < 60
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)

    def test_says_so_when_it_is_gone(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        process.wait()

        with pytest.raises(OSError, match=r"ended|[Pp]ipe"):
            CommandServer(process).run(["version"], {})
