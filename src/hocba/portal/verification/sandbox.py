"""Runs the judging in child processes that may be killed: time and memory are bounded whatever the file is.

A child serves one request at a time, so a file that has to be stopped takes nobody else's answer with it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hocba.portal.verification import judging

if TYPE_CHECKING:
    from datetime import datetime
    from multiprocessing.connection import Connection

SECONDS = 15.0
START_SECONDS = 60.0
WAIT_SECONDS = 30.0
CHILDREN = 2
# What a library leaks ends with its process.
QUESTIONS_OF_ONE_CHILD = 500


class JudgingEndedError(Exception):
    """The file took too much time or memory."""


class BusyError(Exception):
    """All children are at work, and stayed so for too long."""


def judge(
    contents: tuple[bytes, ...],
    trust_files: tuple[tuple[str, bytes], ...],
    *,
    at: datetime,
    existed_at: datetime | None = None,
) -> list[dict[str, Any]]:
    """Judge the files in a child: see `judging.judge`. Raises JudgingEndedError, BusyError."""
    return _children.ask((contents, trust_files, at, existed_at))


def warm() -> None:
    """Start a child if there is none, without waiting: whoever opens the page will drop a file soon."""
    _children.warm()


class _Child:
    """One process and the line to it."""

    def __init__(self) -> None:
        # Spawned, not forked: the child must not inherit connections or threads of the server.
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        self.is_ready = False
        self.asked = 0

    def ask(self, question: tuple[Any, ...]) -> list[dict[str, Any]]:
        """Its answer. Raises JudgingEndedError after which the child is of no more use."""
        if not self.is_ready:
            self._receive(START_SECONDS)
            self.is_ready = True
        self.asked += 1
        try:
            self.line.send(question)
        except OSError as error:
            raise JudgingEndedError from error
        outcome, answer = self._receive(SECONDS)
        if outcome != "judged":
            raise RuntimeError(f"judging failed: {answer}")
        return answer  # type: ignore[no-any-return]

    def end(self) -> None:
        """Stop it at once."""
        self.process.kill()
        self.process.join()
        self.line.close()

    def _receive(self, seconds: float) -> Any:
        try:
            if self.line.poll(seconds):
                return self.line.recv()
        except (EOFError, OSError) as error:
            raise JudgingEndedError from error
        raise JudgingEndedError


@dataclass
class _Children:
    """At most CHILDREN processes, each lent to one request at a time."""

    slots: threading.Semaphore = field(default_factory=lambda: threading.BoundedSemaphore(CHILDREN))
    lock: threading.Lock = field(default_factory=threading.Lock)
    idle: list[_Child] = field(default_factory=list)

    def ask(self, question: tuple[Any, ...]) -> list[dict[str, Any]]:
        if not self.slots.acquire(timeout=WAIT_SECONDS):
            raise BusyError
        try:
            with self.lock:
                child = self.idle.pop() if self.idle else _Child()
            try:
                answer = child.ask(question)
            except BaseException:
                child.end()
                raise
            self._give_back(child)
            return answer
        finally:
            self.slots.release()

    def warm(self) -> None:
        if self.idle or not self.slots.acquire(blocking=False):
            return
        try:
            with self.lock:
                if not self.idle:
                    self.idle.append(_Child())
        finally:
            self.slots.release()

    def end(self) -> None:
        with self.lock:
            for child in self.idle:
                child.end()
            self.idle.clear()

    def _give_back(self, child: _Child) -> None:
        if child.asked >= QUESTIONS_OF_ONE_CHILD:
            child.end()
            return
        with self.lock:
            self.idle.append(child)


_children = _Children()


def _serve(line: Connection) -> None:
    """The child: answer until the server hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    judging.limit_process()
    line.send("ready")
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            question = line.recv()
            answer: tuple[str, Any]
            try:
                answer = ("judged", judging.judge(*question))
            except MemoryError:
                return
            except Exception as error:
                answer = ("failed", repr(error))
            line.send(answer)
