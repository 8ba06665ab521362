"""One thing that is not there yet, and how such things are put together for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing. `text` may quote names and values of pupils; `cause` and `who` never do.

    `subject_code` is set when it is about one subject only: then its teachers may read it.
    """

    cause: str
    who: str
    blocking: bool
    text: str
    subject_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Things with one cause that one person mends; `shown` are the texts the reader may see."""

    cause: str
    who: str
    blocking: bool
    count: int
    shown: tuple[str, ...]


def grouped(items: Iterable[Item], readable: Iterable[Item]) -> list[Group]:
    """Groups in the order of their first item, those that block before the others."""
    may_read = set(readable)
    found: dict[tuple[bool, str, str], list[Item]] = {}
    for item in items:
        found.setdefault((not item.blocking, item.cause, item.who), []).append(item)
    return [
        Group(
            cause=cause,
            who=who,
            blocking=not warns,
            count=len(members),
            shown=tuple(dict.fromkeys(item.text for item in members if item in may_read)),
        )
        for (warns, cause, who), members in sorted(found.items(), key=lambda each: each[0][0])
    ]
