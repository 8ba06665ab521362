"""The content-addressed store on a file tree."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

from django.conf import settings

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


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
    if not os.path.exists(path):  # noqa: PTH110 (a third of the cost, for every file that goes by)
        _write(path, content)
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
    if not _DIGEST.fullmatch(digest):
        raise FileMissingError(digest)
    return Path(settings.HOCBA_FILES) / digest[:2] / digest[2:4] / digest


def _write(path: Path, content: bytes) -> None:
    """The whole file or none: written aside, made durable, renamed, and the name made durable."""
    temporary = f"{path}.{secrets.token_hex(8)}"
    try:
        try:
            descriptor = os.open(temporary, _NEW, 0o600)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(temporary, _NEW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(descriptor, 0o440)
            os.fsync(descriptor)
        os.rename(temporary, path)  # noqa: PTH104
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
