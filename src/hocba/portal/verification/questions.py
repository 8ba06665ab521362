"""What crosses between the web process and the judging child: lengths, JSON, and the octets of files; no objects.

A message is the length of its head (four bytes, big-endian), the head as JSON, and the octets that the head counts.
A child that a hostile file has taken over can answer nonsense, and nothing more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hocba.documents.transcript import Digest

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_HEAD = 16 * 1024 * 1024
LENGTH_BYTES = 4


class MalformedAnswerError(Exception):
    """What came is no such message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Files to judge, trust files by name, the moment of judging and a proven moment of existence."""

    contents: tuple[bytes, ...]
    trust_files: tuple[tuple[str, bytes], ...]
    at: datetime
    existed_at: datetime | None = None


def encode_question(question: Question) -> bytes:
    """The octets of a question."""
    head = {
        "contents": [len(data) for data in question.contents],
        "trust": [[name, len(data)] for name, data in question.trust_files],
        "at": question.at.isoformat(),
        "existed_at": question.existed_at.isoformat() if question.existed_at else None,
    }
    octets = [*question.contents, *(data for _, data in question.trust_files)]
    return b"".join([_framed(head), *octets])


def read_question(read: Callable[[int], bytes]) -> Question:
    """The next question; `read` gives exactly so many octets. Raises EOFError when there is none."""
    head = _head(read)
    contents = tuple(read(length) for length in head["contents"])
    trust_files = tuple((name, read(length)) for name, length in head["trust"])
    existed_at = head["existed_at"]
    return Question(
        contents=contents,
        trust_files=trust_files,
        at=datetime.fromisoformat(head["at"]),
        existed_at=datetime.fromisoformat(existed_at) if existed_at else None,
    )


def encode_answer(files: list[dict[str, Any]]) -> bytes:
    """The octets of an answer: what `judging.judge` found."""
    return _framed({"files": files})


def encode_failure(reason: str) -> bytes:
    """The octets of an answer that there is none, by an error of ours."""
    return _framed({"failed": reason})


def ready() -> bytes:
    """What a child says once it is up."""
    return _framed({"files": []})


def read_answer(read: Callable[[int], bytes]) -> list[dict[str, Any]]:
    """What a child found. Raises MalformedAnswerError, RuntimeError for an error of ours."""
    head = _head(read)
    if "failed" in head:
        raise RuntimeError(f"judging failed: {head['failed']}")
    try:
        return [_restored(file) for file in head["files"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedAnswerError(str(error)) from error


def _restored(file: dict[str, Any]) -> dict[str, Any]:
    """Times and digests, which JSON writes as text."""
    signatures = [
        {**each, "signed_at": datetime.fromisoformat(each["signed_at"]) if each["signed_at"] else None}
        for each in file["signatures"]
    ]
    digests = {kind: Digest.parse(file[kind]) if file[kind] else None for kind in ("xml", "pdf")}
    return {**file, **digests, "signatures": signatures}


def _framed(head: dict[str, Any]) -> bytes:
    octets = json.dumps(head, ensure_ascii=False, default=_text).encode()
    return len(octets).to_bytes(LENGTH_BYTES, "big") + octets


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Digest):
        return str(value)
    raise TypeError(f"{type(value).__name__} does not cross")


def _head(read: Callable[[int], bytes]) -> dict[str, Any]:
    length = int.from_bytes(read(LENGTH_BYTES), "big")
    if length > LARGEST_HEAD:
        raise MalformedAnswerError(f"a head of {length} bytes")
    try:
        found = json.loads(read(length))
    except (ValueError, RecursionError) as error:
        raise MalformedAnswerError(str(error)) from error
    if not isinstance(found, dict):
        raise MalformedAnswerError("the head is no object")
    return found
