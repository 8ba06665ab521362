"""Runs the judging in a child process that may be killed: time and memory are bounded whatever the file is."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as JudgingTimeoutError
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

from hocba.portal.verification import judging

if TYPE_CHECKING:
    from datetime import datetime

SECONDS = 15.0

_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None


class JudgingEndedError(Exception):
    """The file took too much time or memory."""


def judge(
    data: bytes, counterpart: bytes | None, trust_files: tuple[tuple[str, bytes], ...], *, at: datetime
) -> dict[str, Any]:
    """Judge a file in the child. Raises JudgingEndedError."""
    pool = _the_pool()
    try:
        return pool.submit(judging.judge, data, counterpart, trust_files, at).result(timeout=SECONDS)
    except (JudgingTimeoutError, BrokenProcessPool, MemoryError) as error:
        _forget(pool)
        raise JudgingEndedError from error


def _the_pool() -> ProcessPoolExecutor:
    global _pool
    with _lock:
        if _pool is None:
            # Spawned, not forked: the child must not inherit connections or threads of the server.
            _pool = ProcessPoolExecutor(
                max_workers=1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=judging.limit_process,
                max_tasks_per_child=500,
            )
        return _pool


def _forget(pool: ProcessPoolExecutor) -> None:
    global _pool
    with _lock:
        if _pool is pool:
            _pool = None
    for child in multiprocessing.active_children():
        child.kill()
    pool.shutdown(wait=False, cancel_futures=True)
