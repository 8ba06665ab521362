"""Judging in a process of its own."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hocba.portal.verification import child as child_process
from hocba.portal.verification import judging, questions, sandbox
from hocba.portal.verification.questions import Question
from tests.factories import transcripts


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    yield
    sandbox._children.end()


def judge(content: bytes) -> str:
    return str(sandbox.judge((content,), (), at=transcripts.NOW)[0]["verdict"])


def asked(*trust_files: tuple[str, bytes]) -> Question:
    return Question(contents=(b"",), trust_files=trust_files, at=transcripts.NOW)


class TestJudge:
    def test_answers_from_a_process_of_its_own(self) -> None:
        sandbox.warm()

        assert judge(b"") == "unreadable"
        assert len(sandbox._children.idle) == 1

    def test_says_the_same_as_judging_here(self) -> None:
        school = transcripts.school()
        data = transcripts.sign_xml(school, transcripts.transcript())
        trust_files = tuple(sorted(school.trust_files().items()))

        there = sandbox.judge((data,), trust_files, at=transcripts.NOW, existed_at=transcripts.SIGNED)
        here = judging.judge((data,), trust_files, transcripts.NOW, existed_at=transcripts.SIGNED)

        assert there == here
        assert there[0]["verdict"] == "valid"

    def test_ends_what_takes_too_long_and_works_again_afterwards(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as context:
            context.setattr(sandbox, "SECONDS", 0.0)
            with pytest.raises(sandbox.JudgingEndedError):
                judge(transcripts.sign_xml(transcripts.school(), transcripts.transcript()))
        assert sandbox._children.idle == []

        assert judge(b"<a/>") == "unreadable"

    def test_says_so_when_all_children_stay_at_work(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sandbox, "WAIT_SECONDS", 0.01)
        for _ in range(sandbox.CHILDREN):
            sandbox._children.slots.acquire()
        try:
            with pytest.raises(sandbox.BusyError):
                judge(b"<a/>")
        finally:
            for _ in range(sandbox.CHILDREN):
                sandbox._children.slots.release()


class TestChild:
    def test_that_died_is_reported_and_leaves_the_others_at_work(self) -> None:
        first, second = sandbox._Child(), sandbox._Child()
        try:
            first.process.kill()
            with pytest.raises(sandbox.JudgingEndedError):
                first.ask(asked())
            assert second.ask(asked())[0]["verdict"] == "unreadable"
        finally:
            first.end()
            second.end()

    def test_sees_nothing_of_the_servers_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOCBA_SECRET_KEY", "secret")
        child = sandbox._Child()
        try:
            child.ask(asked())
            seen = Path(f"/proc/{child.process.pid}/environ").read_bytes()
            opened = [str(path.readlink()) for path in Path(f"/proc/{child.process.pid}/fd").iterdir()]
        finally:
            child.end()

        assert seen.rstrip(b"\0") == b"LANG=C.UTF-8"
        assert sum("socket:" in target for target in opened) == 0

    @pytest.mark.skipif(platform.machine() not in {"x86_64", "aarch64"}, reason="no filter here")
    def test_can_open_no_socket(self) -> None:
        child = sandbox._Child()
        try:
            child.ask(asked())
            state = Path(f"/proc/{child.process.pid}/status").read_text()
        finally:
            child.end()

        assert "Seccomp:\t2" in state
        assert "NoNewPrivs:\t1" in state

    def test_is_bounded_in_everything(self) -> None:
        child = sandbox._Child()
        try:
            child.ask(asked())
            limits = Path(f"/proc/{child.process.pid}/limits").read_text()
        finally:
            child.end()
        soft = {
            line[:26].strip(): line[26:].split()[0] for line in limits.splitlines() if line.startswith("Max")
        }

        assert soft["Max file size"] == "0"
        assert soft["Max address space"] == str(child_process.MEMORY_BYTES)
        assert soft["Max open files"] == str(child_process.OPEN_FILES)
        assert int(soft["Max cpu time"]) <= child_process.CPU_SECONDS_A_QUESTION + 10

    @pytest.mark.parametrize("answer", [b"\xff\xff\xff\xff", b"\0\0\0\2[]", b'\0\0\0\x0d{"files": [1]}'])
    def test_that_answers_nonsense_is_given_up(self, monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
        script = (
            "import sys, time;"
            f"sys.stdout.buffer.write({questions.ready()!r} + {answer!r});"
            "sys.stdout.flush(); time.sleep(9)"
        )
        monkeypatch.setattr(sandbox, "COMMAND", (sys.executable, "-I", "-c", script))
        child = sandbox._Child()
        try:
            with pytest.raises(sandbox.JudgingEndedError):
                child.ask(asked())
        finally:
            child.end()

    def test_that_does_not_listen_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        script = f"import sys, time; sys.stdout.buffer.write({questions.ready()!r}); sys.stdout.flush(); time.sleep(9)"
        monkeypatch.setattr(sandbox, "COMMAND", (sys.executable, "-I", "-c", script))
        monkeypatch.setattr(sandbox, "SECONDS", 0.3)
        child = sandbox._Child()
        try:
            with pytest.raises(sandbox.JudgingEndedError):
                child.ask(Question(contents=(b"x" * 10_000_000,), trust_files=(), at=transcripts.NOW))
        finally:
            child.end()

    def test_reports_an_error_of_ours_instead_of_a_verdict(self) -> None:
        child = sandbox._Child()
        try:
            with pytest.raises(RuntimeError, match="judging failed"):
                child.ask(asked(("root.pem", b"no certificate")))
        finally:
            child.end()
