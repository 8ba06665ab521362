"""A kind of flaw: its code, whether it blocks, its cause in a few words, its sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flaw:
    """A kind of flaw. `cause` heads a group of problems; `sentence` is a template of the message."""

    code: str
    blocking: bool
    cause: str
    sentence: str


def blocking(code: str, cause: str, sentence: str) -> Flaw:
    """A flaw that forbids committing."""
    return Flaw(code, True, cause, sentence)  # noqa: FBT003 (the name of the function says it)


def warning(code: str, cause: str, sentence: str) -> Flaw:
    """A flaw that was normalised, or that people have to judge."""
    return Flaw(code, False, cause, sentence)  # noqa: FBT003 (the name of the function says it)
