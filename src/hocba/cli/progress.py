"""Progress of a long job for people: bars on a terminal, one line per stage elsewhere."""

from __future__ import annotations

import sys
import time

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


class TerminalReport:
    """Writes to stderr, so that `--json` on stdout stays one document."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, quiet=quiet)
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._title, self._done, self._start = "", 0, 0.0

    def begin(self, stage: str, total: int | None) -> None:
        """See `chain.Report`."""
        self._title, self._done, self._start = stage, 0, time.perf_counter()
        if not self._console.is_terminal:
            return
        columns = [
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        ]
        self._progress = Progress(*columns, console=self._console, transient=True)
        self._progress.start()
        self._task = self._progress.add_task(stage, total=total)

    def advance(self, count: int = 1) -> None:
        """See `chain.Report`."""
        self._done += count
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task, count)

    def end(self) -> None:
        """See `chain.Report`."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
        seconds = time.perf_counter() - self._start
        self._console.print(f"  [green]✓[/green] {self._title}: {self._done} ({seconds:.1f} s)")

    def say(self, text: str) -> None:
        """One line of its own."""
        self._console.print(text)


def write_out(text: str) -> None:
    """Write to stdout what was asked for."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
