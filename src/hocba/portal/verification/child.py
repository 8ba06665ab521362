"""The judging child: answers questions from standard input on standard output until the server hangs up.

It is started with an empty environment and gives up what it does not need before it reads anything from outside.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from typing import TYPE_CHECKING

from hocba import confinement
from hocba.portal.verification import judging, questions

if TYPE_CHECKING:
    from collections.abc import Callable

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS_A_QUESTION = 15
OPEN_FILES = 32


def main() -> None:
    """Serve until the end of standard input, or until a limit ends the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing that a library prints may come between the answers.
    answers = os.dup(1)
    os.dup2(2, 1)
    limit_process()
    confinement.forbid_network()
    _write(answers, questions.ready())
    while True:
        try:
            question = questions.read_question(_reader(0))
        except EOFError:
            return
        _allow_a_question()
        _write(answers, _answer(question))


def limit_process() -> None:
    """Bound memory, open files and processes of this process for good; it can write no file at all."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _allow_a_question() -> None:
    """A file gets so many seconds of the processor, counted from what was used before."""
    confinement.allow_processor(CPU_SECONDS_A_QUESTION)


def _answer(question: questions.Question) -> bytes:
    try:
        found = judging.judge(
            question.contents, question.trust_files, question.at, existed_at=question.existed_at
        )
        return questions.encode_answer(found)
    except MemoryError:
        sys.exit(1)
    except Exception as error:
        return questions.encode_failure(repr(error))


def _reader(descriptor: int) -> Callable[[int], bytes]:
    def read(length: int) -> bytes:
        parts = []
        while length:
            part = os.read(descriptor, min(length, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    return read


def _write(descriptor: int, octets: bytes) -> None:
    view = memoryview(octets)
    while view:
        view = view[os.write(descriptor, view) :]


if __name__ == "__main__":
    main()
