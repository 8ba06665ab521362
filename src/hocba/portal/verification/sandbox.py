"""Runs the judging in child processes that may be killed: time and memory are bounded whatever the file is.

A child serves one request at a time, so a file that has to be stopped takes nobody else's answer with it. It has no
environment, no descriptors but its two pipes, and no way to hand this process an object: see `questions`.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hocba.portal.verification import questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

SECONDS = 15.0
START_SECONDS = 30.0
WAIT_SECONDS = 15.0
END_SECONDS = 5.0
CHILDREN = 2
# What a library leaks ends with its process.
QUESTIONS_OF_ONE_CHILD = 500
# Isolated: no variables, no folder of the user, nothing from where the server was started.
COMMAND = (sys.executable, "-I", "-m", "hocba.portal.verification.child")
ENVIRONMENT = {"LANG": "C.UTF-8"}


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
    return _children.ask(
        questions.Question(contents=contents, trust_files=trust_files, at=at, existed_at=existed_at)
    )


def warm() -> None:
    """Start a child if there is none, without waiting: whoever opens the page will drop a file soon."""
    _children.warm()


@contextmanager
def turn() -> Iterator[None]:
    """Do other work for strangers in the place of a judging: both together stay below CHILDREN. Raises BusyError."""
    with _children.turn():
        yield


class _Child:
    """One process and the pipes to it; every wait has an end."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            cwd="/",
            bufsize=0,
            start_new_session=True,
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise OSError("a child without pipes")
        self.questions, self.answers = self.process.stdin, self.process.stdout
        os.set_blocking(self.questions.fileno(), False)
        os.set_blocking(self.answers.fileno(), False)
        self.is_ready = False
        self.asked = 0

    def ask(self, question: questions.Question) -> list[dict[str, Any]]:
        """Its answer. Raises JudgingEndedError after which the child is of no more use."""
        try:
            if not self.is_ready:
                questions.read_answer(self._reader(START_SECONDS))
                self.is_ready = True
            self.asked += 1
            end = time.monotonic() + SECONDS
            self._write(questions.encode_question(question), end)
            return questions.read_answer(self._reader(end - time.monotonic()))
        except (OSError, questions.MalformedAnswerError) as error:
            raise JudgingEndedError from error

    def end(self) -> None:
        """Stop it at once."""
        self.process.kill()
        self.process.wait(END_SECONDS)
        self.questions.close()
        self.answers.close()

    def _write(self, octets: bytes, end: float) -> None:
        view = memoryview(octets)
        while view:
            _wait(self.questions.fileno(), selectors.EVENT_WRITE, end)
            view = view[os.write(self.questions.fileno(), view[: 1 << 16]) :]

    def _reader(self, seconds: float) -> Callable[[int], bytes]:
        end = time.monotonic() + seconds

        def read(length: int) -> bytes:
            parts: list[bytes] = []
            while length:
                _wait(self.answers.fileno(), selectors.EVENT_READ, end)
                part = os.read(self.answers.fileno(), min(length, 1 << 20))
                if not part:
                    raise JudgingEndedError
                parts.append(part)
                length -= len(part)
            return b"".join(parts)

        return read


def _wait(descriptor: int, event: int, end: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, event)
        if not selector.select(max(0.0, end - time.monotonic())):
            raise JudgingEndedError


@dataclass
class _Children:
    """At most CHILDREN processes, each lent to one request at a time."""

    slots: threading.Semaphore = field(default_factory=lambda: threading.BoundedSemaphore(CHILDREN))
    lock: threading.Lock = field(default_factory=threading.Lock)
    idle: list[_Child] = field(default_factory=list)

    @contextmanager
    def turn(self) -> Iterator[None]:
        if not self.slots.acquire(timeout=WAIT_SECONDS):
            raise BusyError
        try:
            yield
        finally:
            self.slots.release()

    def ask(self, question: questions.Question) -> list[dict[str, Any]]:
        with self.turn():
            with self.lock:
                child = self.idle.pop() if self.idle else _Child()
            try:
                answer = child.ask(question)
            except BaseException:
                child.end()
                raise
            self._give_back(child)
            return answer

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
