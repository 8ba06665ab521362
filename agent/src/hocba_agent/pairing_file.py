"""The file of pairings, which the running agent and the command `hocba-agent pairings` both change.

It is read each time, and every reading and changing happens under a lock between processes: what one ends is ended
for all, and nobody writes back what another took out.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # tries for ten seconds, then OSError

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class PairingFileError(Exception):
    """The file cannot be read, locked or written; nobody is let in by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """One page and account."""

    id: str
    token_sha256: str
    origin: str
    user: str
    created: str
    expires: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the file holds. `secret` is this account's alone and older than its first pairing."""

    secret: str
    pairings: tuple[Pairing, ...] = ()


class PairingFile:
    """`pairings.json` of a folder, which only this account of the machine can read. All may raise PairingFileError."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "pairings.json"
        self._lock_path = directory / "pairings.lock"

    def read(self) -> Kept:
        """What is there now. Where there is nothing, a secret is made and kept: two agents must not make two."""
        with self._locked():
            return self._read_or_begin()

    def change(self, change: Callable[[tuple[Pairing, ...]], tuple[Pairing, ...]]) -> Kept:
        """Put other pairings in the place of those that are there now; what was there before."""
        with self._locked():
            before = self._read_or_begin()
            self._write(Kept(secret=before.secret, pairings=change(before.pairings)))
            return before

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with self._descriptor() as descriptor:
                _lock(descriptor)
                try:
                    yield
                finally:
                    _unlock(descriptor)
        except OSError as error:
            raise PairingFileError(str(error)) from error

    @contextmanager
    def _descriptor(self) -> Iterator[int]:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _read_or_begin(self) -> Kept:
        try:
            return _parsed(self._path.read_bytes())
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError):
            # A damaged file ends all pairings: pages ask again, which costs a click and opens nothing.
            pass
        begun = Kept(secret=secrets.token_hex(32))
        self._write(begun)
        return begun

    def _write(self, kept: Kept) -> None:
        fresh = self._path.with_name(f"{self._path.name}.new")
        content = {"secret": kept.secret, "pairings": [asdict(pairing) for pairing in kept.pairings]}
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
        fresh.replace(self._path)


def _parsed(data: bytes) -> Kept:
    """Raises ValueError, KeyError, TypeError for what no agent wrote."""
    kept = json.loads(data)
    pairings = tuple(Pairing(**entry) for entry in kept["pairings"])
    for pairing in pairings:
        datetime.fromisoformat(pairing.expires)
    return Kept(secret=str(kept["secret"]), pairings=pairings)
