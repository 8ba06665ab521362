"""What a transcript says that comes from the class record: values to be compared, never trusted to be equal.

Everything counts but the fields named here as the transcript's own, so that a new field is compared from the day it
exists. Works for every level of schooling: the fields are read from the value classes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from hocba.documents import field_names, labels
from hocba.documents.compile import transcripts_of
from hocba.documents.people import Pupil, Sex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hocba.documents.class_tree import ClassRecordTree

OF_THE_TRANSCRIPT = frozenset(
    {"id", "version", "previous", "replaces", "register_number", "course_of_study"}
    | {"certificates", "competitions", "awards", "principal_remark"}
)
"""Fields that do not come from the class record."""

OF_THE_PUPIL = ("personal_id", "name")
"""Of the particulars, what the class record says too."""

Values = dict[str, Any]
"""Nested names and plain JSON values; rows of subjects and the like stand in a list, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One value of a transcript that is not that of its class record; `field` in Vietnamese."""

    field: str
    stated: str
    sealed: str

    def __str__(self) -> str:
        """Return the deviation as a Vietnamese sentence."""
        return f"{self.field}: học bạ ghi {_quoted(self.stated)}, sổ lớp ghi {_quoted(self.sealed)}"


def values_of(transcript: Any) -> Values:
    """Return what the transcript says that its class record must say too."""
    found: Values = _plain(transcript)
    found["pupil"] = {name: getattr(transcript.pupil, name) for name in OF_THE_PUPIL}
    return found


def expected_of(tree: ClassRecordTree) -> dict[str, Values]:
    """Return for every pupil of a class record what the transcript must say, by personal ID.

    Raises InconsistentClassRecord when no transcripts can be compiled from the tree.
    """
    compiled = transcripts_of(tree, _stand_ins(tree), ids=lambda personal_id: personal_id)
    return {transcript.pupil.personal_id: values_of(transcript) for transcript in compiled}


def _stand_ins(tree: ClassRecordTree) -> dict[str, Pupil]:
    """Particulars that hold what a class record says of its pupils; `values_of` throws everything else away."""
    return {
        row.personal_id: Pupil(
            personal_id=row.personal_id, code="", name=row.name, birth_date="", sex=Sex.MALE
        )
        for row in tree.year.rows
    }


def digest_of(values: Values) -> str:
    """Return the SHA-256 of the values as 64 hexadecimal digits, the same for equal values."""
    octets = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(octets).hexdigest()


def to_bytes(expected: Mapping[str, Values]) -> bytes:
    """Return the values of all pupils as JSON octets."""
    return json.dumps(expected, ensure_ascii=False, separators=(",", ":")).encode()


def deviations(stated: Values, sealed: Values) -> tuple[Deviation, ...]:
    """Return everything that differs, place by place; an empty value and a missing one are the same.

    Values kept by an older version of this program lack the fields that came later.
    """
    mine = {place.path: place for place in _places(stated, (), "")}
    theirs = {place.path: place for place in _places(sealed, (), "")}
    found = []
    for path in dict.fromkeys([*theirs, *mine]):
        left, right = mine.get(path), theirs.get(path)
        values = (left.value if left else "", right.value if right else "")
        if values[0] != values[1]:
            field = (left or right or _NOWHERE).words
            found.append(Deviation(field=field, stated=values[0], sealed=values[1]))
    return tuple(found)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind) if item.name not in OF_THE_TRANSCRIPT)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        kind: Any = type(value)
        return {name: _plain(getattr(value, name)) for name in _names(kind)}
    raise TypeError(f"cannot compare a {type(value).__name__}")


@dataclass(frozen=True, slots=True)
class _Place:
    path: tuple[str, ...]
    words: str
    value: str


_NOWHERE = _Place((), "", "")


def _places(value: Any, path: tuple[str, ...], words: str) -> Iterator[_Place]:
    if isinstance(value, dict):
        for name, item in value.items():
            word = field_names.word(name, inside=bool(path))
            yield from _places(item, (*path, name), f"{words}, {word}" if words else word)
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            title = f" ({item['name']})" if isinstance(item, dict) and "name" in item else ""
            yield from _places(item, (*path, str(number)), f"{words} {number}{title}")
    else:
        yield _Place(path, words, _shown(value))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    return "" if value is None else labels.mark(str(value))


def _quoted(value: str) -> str:
    return f"“{value}”" if value else "trống"
