"""The content-addressed store on a file tree."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


class FileMissingError(Exception):
    """The store has no file of that digest."""


class FileDamagedError(Exception):
    """The stored bytes do not have the digest that names them."""


def digest_of(content: bytes) -> str:
    """SHA-256 of the bytes as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def put(content: bytes) -> str:
    """Store the bytes durably and return their digest; storing them again does nothing."""
    digest = digest_of(content)
    path = _path(digest)
    if path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o440)  # noqa: PTH101 (a plain descriptor's name)
        Path(temporary).rename(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)
    return digest


def get(digest: str) -> bytes:
    """Read the bytes of a digest and check them. Raises FileMissingError, FileDamagedError."""
    try:
        content = _path(digest).read_bytes()
    except FileNotFoundError as error:
        raise FileMissingError(digest) from error
    if digest_of(content) != digest:
        raise FileDamagedError(digest)
    return content


def exists(digest: str) -> bool:
    """Whether a file of that digest is stored."""
    return _path(digest).exists()


def _path(digest: str) -> Path:
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise FileMissingError(digest)
    return Path(settings.HOCBA_FILES) / digest[:2] / digest[2:4] / digest


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
