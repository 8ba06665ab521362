"""What a transcript says that comes from the class record: values to be compared, never trusted to be equal.

Everything counts but the fields named here as the transcript's own, so that a new field is compared from the day it
exists. Works for every level of schooling: the fields are read from the value classes.
"""

from __future__ import annotations

import hashlib
import json
import re
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
"""Fields that do not come from the class record; of the course of study the row of the current year does."""

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
    found["course_of_study"] = [
        _plain(row) for row in transcript.course_of_study if row.school_year == transcript.school_year
    ]
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
    return hashlib.sha256(_octets(values)).hexdigest()


def to_bytes(expected: Mapping[str, Values]) -> bytes:
    """Return the values of all pupils as JSON octets."""
    return json.dumps(expected, ensure_ascii=False, separators=(",", ":")).encode()


def same(stated: Values, sealed: Values) -> bool:
    """Whether both say the same, octet by octet; an empty value and a missing one are the same.

    Values kept by an older version of this program lack the fields that came later.
    """
    return digest_of(_without_empty(stated)) == digest_of(_without_empty(sealed))


def deviations(stated: Values, sealed: Values) -> tuple[Deviation, ...]:
    """Return everything that differs, place by place; an empty value and a missing one are the same.

    The values themselves are compared; the words in which people read them are for the sentence only.
    """
    mine = {place.path: place for place in _places(stated, (), "")}
    theirs = {place.path: place for place in _places(sealed, (), "")}
    found = []
    for path in dict.fromkeys([*theirs, *mine]):
        left, right = mine.get(path, _NOWHERE), theirs.get(path, _NOWHERE)
        if _octets(left.value) != _octets(right.value):
            words = (_shown(left.value), _shown(right.value))
            if words[0] == words[1]:
                words = (_raw(left.value), _raw(right.value))
            field = left.words or right.words
            found.append(Deviation(field=field, stated=words[0], sealed=words[1]))
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
    """A value and the words for where it stands; an empty text is None."""

    path: tuple[str, ...]
    words: str
    value: Any


_MARK = re.compile(r"[0-9]{1,2}\.[0-9]|D|CD")
_NOWHERE = _Place((), "", None)


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
        yield _Place(path, words, None if value == "" else value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    text = _raw(value)
    return labels.mark(text) if _MARK.fullmatch(text) else text


def _raw(value: Any) -> str:
    return "" if value is None else str(value)


def _octets(value: Any) -> bytes:
    """JSON keeps apart what Python calls equal: true and 1."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _without_empty(value: Any) -> Any:
    """The value without names that lead to nothing; rows keep their places."""
    if isinstance(value, dict):
        kept = {name: _without_empty(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item not in (None, "", [], {})}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value


def _quoted(value: str) -> str:
    return f"“{value}”" if value else "trống"
