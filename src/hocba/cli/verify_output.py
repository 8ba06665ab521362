"""Writing outcomes in the order of the command line while they come in any order, and telling how far it is."""

from __future__ import annotations

import sys
import tempfile
import time
from typing import IO, TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

FROM_FILES = 20
"""So many files are needed before anybody wants to see progress."""
_EVERY = 0.1


class InOrder:
    """Hands texts on by their number; what comes early waits on disk, so that memory stays flat."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._next = 0
        self._places: dict[int, tuple[int, int]] = {}
        self._waiting: IO[bytes] | None = None

    def put(self, number: int, text: str) -> None:
        """Take one text; writes it and those that waited for it, or keeps it."""
        if number != self._next:
            self._keep(number, text)
            return
        self._write(text)
        self._next += 1
        while (place := self._places.pop(self._next, None)) is not None:
            self._write(self._kept(*place))
            self._next += 1

    def close(self) -> None:
        """Forget what waited on disk."""
        if self._waiting is not None:
            self._waiting.close()

    def _keep(self, number: int, text: str) -> None:
        if self._waiting is None:
            self._waiting = tempfile.TemporaryFile(prefix="hocba-verify-")  # noqa: SIM115 - closed by close()
        data = text.encode()
        self._places[number] = (self._waiting.seek(0, 2), len(data))
        self._waiting.write(data)

    def _kept(self, offset: int, length: int) -> str:
        if self._waiting is None:
            raise RuntimeError("nothing was kept")
        self._waiting.seek(offset)
        return self._waiting.read(length).decode()


class Progress:
    """A line on stderr that counts files, when a person looks at it and there are many."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._shown = total >= FROM_FILES and sys.stderr.isatty()
        self._start = self._last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def advance(self, count: int) -> None:
        """So many more files are done."""
        self._done += count
        now = time.monotonic()
        if not self._shown or now - self._last < _EVERY:
            return
        self._last = now
        rate = self._done / max(now - self._start, _EVERY)
        left = (self._total - self._done) / rate
        sys.stderr.write(
            f"\r\x1b[KĐã kiểm tra {self._done}/{self._total} tệp, {rate:.0f} tệp/giây, còn {left:.0f} giây"
        )
        sys.stderr.flush()
