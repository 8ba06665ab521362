"""Management commands of one side without starting Django for each: one process is ready, every command a fork of it.

`House.run` talks to it over pipes, a line of JSON each way. A forked child shares nothing with its siblings but what
was loaded before the fork (no connection, no thread), so a command behaves as if it had been started alone.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from hocba.cli.main import main as run_hocba

if TYPE_CHECKING:
    from collections.abc import Mapping

MODULE = "hocba.cli.command_server"


class CommandServer:
    """The asking end: one command at a time; whoever comes meanwhile waits."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._lock = Lock()

    def run(self, arguments: list[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end with these variables added to the environment; raises OSError when it is gone."""
        with self._lock, tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "stdout"), Path(folder, "stderr")
            asked = {"arguments": arguments, "variables": dict(variables)}
            self._say({**asked, "stdout": str(out), "stderr": str(err)})
            code = int(self._answer()["returncode"])
            return subprocess.CompletedProcess(arguments, code, out.read_bytes(), err.read_bytes())

    def stop(self) -> None:
        """End it, and a command that is still running because whoever asked for it was interrupted."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _say(self, message: dict[str, Any]) -> None:
        if self._process.stdin is None:
            raise OSError("the command server was started without a pipe")
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout is not None else b""
        if not line:
            raise OSError("the command server has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


def serve(side: str, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the asking end closes."""
    _load(side)
    for line in requests:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(side, asked)
        _, status = os.waitpid(child, 0)
        answers.write(json.dumps({"returncode": os.waitstatus_to_exitcode(status)}).encode() + b"\n")
        answers.flush()


def _load(side: str) -> None:
    """Import Django and every command of the house, so that a child only has to run."""
    os.environ["DJANGO_SETTINGS_MODULE"] = f"hocba.sites.{side}"
    import_module("django").setup()
    management = import_module("django.core.management")
    for name, app in management.get_commands().items():
        if str(app).startswith("hocba."):
            management.load_command_class(app, name)
    # Checks and links in messages need the addresses, and with them every page of the side.
    import_module(import_module("django.conf").settings.ROOT_URLCONF)
    # What is loaded by now stays: children need not look through it, nor copy its pages by doing so.
    gc.collect()
    gc.freeze()


def _become(side: str, asked: dict[str, Any]) -> NoReturn:
    """In the child: run the command as a process of its own would, and end."""
    code = 1
    try:
        _redirect(asked)
        os.environ.update(asked["variables"])
        code = run_hocba([side, *asked["arguments"]])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        # Whatever happens, this process must not go on as a second server.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _redirect(asked: dict[str, Any]) -> None:
    opened = {0: os.open(os.devnull, os.O_RDONLY)}
    for number, name in ((1, "stdout"), (2, "stderr")):
        opened[number] = os.open(asked[name], os.O_WRONLY | os.O_CREAT, 0o600)
    for number, descriptor in opened.items():
        os.dup2(descriptor, number)


if __name__ == "__main__":
    serve(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
