"""Bodies of messages as stored files: one file, or several one after the other. Each is stored once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.platform.files import store

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class StoredBody:
    """Where a body is: `digest` is that of the whole ("" for an empty one), `files` as in `models`."""

    digest: str
    files: tuple[str, ...] = ()


def keep(files: Sequence[bytes]) -> StoredBody:
    """Store the files a body is made of."""
    if len(files) > 1:
        whole = hashlib.sha256()
        for file in files:
            whole.update(file)
        return StoredBody(whole.hexdigest(), tuple(store.put(file) for file in files))
    return StoredBody(store.put(files[0]) if files and files[0] else "")


def read(body: StoredBody) -> bytes:
    """Put a body together again. Raises store.FileMissingError, store.FileDamagedError."""
    if body.files:
        return b"".join(store.get(digest) for digest in body.files)
    return store.get(body.digest) if body.digest else b""
