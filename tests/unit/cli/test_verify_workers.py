from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import pytest

from hocba.cli import verify_inputs, verify_workers
from hocba.cli.verify_groups import Numbered
from hocba.cli.verify_workers import ENDED, Outcome, Setup, Workers
from hocba.documents.verification import Report, Verdict
from hocba.signing import trust
from tests.factories import transcripts

PAIR = transcripts.pair()
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="workers are copies of this process on Linux only")


@pytest.fixture
def files(tmp_path: Path) -> list[Numbered]:
    (tmp_path / "a.xml").write_bytes(PAIR.xml)
    (tmp_path / "b.pdf").write_bytes(PAIR.pdf)
    (tmp_path / "c.xml").write_bytes(PAIR.xml.replace(b">7.9<", b">9.9<", 1))
    return [Numbered(number, str(path)) for number, path in enumerate(sorted(tmp_path.iterdir()))]


def judged(groups: list[tuple[Numbered, ...]], jobs: int = 1, start: str | None = None) -> list[Outcome]:
    setup = Setup(
        trust_files=transcripts.school().trust_files(),
        trust_problem=None,
        at=transcripts.NOW,
        as_json=True,
        brief=True,
    )
    with Workers(setup, jobs=jobs, start_method=start) as workers:
        found = [outcome for outcomes in workers.judge(iter(groups)) for outcome in outcomes]
    return sorted(found, key=lambda outcome: outcome.number)


class TestJudge:
    @pytest.mark.parametrize("start", ["spawn", pytest.param("fork", marks=LINUX)])
    def test_gives_every_file_its_verdict(self, files: list[Numbered], start: str) -> None:
        found = judged([(files[0], files[1]), (files[2],)], jobs=2, start=start)

        assert [outcome.verdict for outcome in found] == [Verdict.VALID, Verdict.VALID, Verdict.INVALID]
        checks = [{check["name"] for check in json.loads(outcome.text)["checks"]} for outcome in found]
        assert ["pair" in names for names in checks] == [True, True, False]


@LINUX
class TestTwoWorkers:
    def test_are_at_work_at_the_same_time(
        self, files: list[Numbered], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each waits until the other is at work too; one after the other, both would be given up."""
        meeting = [tmp_path / "one", tmp_path / "two"]
        for path in meeting:
            os.mkfifo(path)
        monkeypatch.setattr(verify_workers, "WALL_SECONDS_A_FILE", 30.0)
        honest = verify_inputs.verify_file

        def verify_file(file: str, material: trust.TrustMaterial, at: object) -> Report:
            mine, other = meeting if file.endswith("a.xml") else meeting[::-1]
            # Opening a pipe for reading waits for somebody who writes, and the other way round.
            for path, mode in ((mine, os.O_RDONLY), (other, os.O_WRONLY))[:: 1 if mine == meeting[0] else -1]:
                os.close(os.open(path, mode))
            return honest(file, material, at)  # type: ignore[arg-type]

        monkeypatch.setattr(verify_inputs, "verify_file", verify_file)

        found = judged([(files[0],), (files[1],)], jobs=2)

        assert [outcome.verdict for outcome in found] == [Verdict.VALID, Verdict.VALID]


@LINUX
class TestHostileFile:
    """The worker is a copy of this process, so what it does with a file can be bent here."""

    def bent(self, monkeypatch: pytest.MonkeyPatch, act: object) -> None:
        honest = verify_inputs.verify_file

        def verify_file(file: str, material: trust.TrustMaterial, at: object) -> Report:
            if file.endswith("c.xml"):
                act()  # type: ignore[operator]
            return honest(file, material, at)  # type: ignore[arg-type]

        monkeypatch.setattr(verify_inputs, "verify_file", verify_file)

    def memory(self) -> None:
        bytearray(2 * verify_workers.MEMORY_BYTES)

    def processor(self) -> None:
        while True:
            pass

    def crash(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def network(self) -> None:
        try:
            socket.socket()
        except PermissionError:
            os._exit(7)

    @pytest.mark.parametrize("act", ["memory", "processor", "crash", "network"])
    def test_is_given_up_and_takes_no_other_file_along(
        self, files: list[Numbered], monkeypatch: pytest.MonkeyPatch, act: str
    ) -> None:
        if act == "processor":  # the others end at once, and what they leave must not hurry honest files
            monkeypatch.setattr(verify_workers, "CPU_SECONDS_A_FILE", 1)
        self.bent(monkeypatch, getattr(self, act))

        found = judged([(files[0], files[2]), (files[1],)])

        assert [outcome.verdict for outcome in found] == [Verdict.VALID, Verdict.VALID, Verdict.UNREADABLE]
        assert ENDED in found[2].text

    def test_that_was_judged_while_this_process_was_held_up_is_not_given_up(
        self, files: list[Numbered], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def held_up(connections: list[Any], _: float) -> list[Any]:
            wait(connections, 30)
            time.sleep(0.2)
            return []

        monkeypatch.setattr(verify_workers, "WALL_SECONDS_A_FILE", 0.1)
        monkeypatch.setattr(verify_workers, "wait", held_up)

        assert judged([(files[0],)])[0].verdict is Verdict.VALID

    def test_is_given_up_when_it_sleeps(self, files: list[Numbered], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(verify_workers, "WALL_SECONDS_A_FILE", 0.5)
        self.bent(monkeypatch, lambda: time.sleep(60))

        assert judged([(files[2],)])[0].verdict is Verdict.UNREADABLE


@LINUX
class TestCtrlC:
    @pytest.fixture
    def process(self, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
        script = (
            "import signal, sys, time\n"
            # A shell without job control starts what runs in its background deaf to Ctrl-C, and all its children.
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "from hocba.cli import main, verify_inputs\n"
            "verify_inputs.verify_file = lambda *_: (sys.stderr.write('at work\\n'), time.sleep(60))\n"
            "sys.exit(main.main(['verify', 'a.xml', 'b.xml']))\n"
        )
        with subprocess.Popen(
            [sys.executable, "-u", "-c", script],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        ) as started:  # fmt: skip
            yield started
            started.kill()

    def test_ends_all_processes_without_a_traceback(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        assert process.stderr.readline() == "at work\n"

        os.killpg(process.pid, signal.SIGINT)
        _, rest = process.communicate(timeout=20)

        assert process.returncode == 130
        assert "Traceback" not in rest
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
