"""Any document as facts and tables: what a signer reads before signing, whatever the kind and level of schooling.

Nothing is left out and nothing is worded freely: every field of the value stands here once, also the empty ones,
since a signature covers that they are empty. In a table the name of a row comes first and its codes last.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from hocba.documents import labels
from hocba.documents.field_names import word
from hocba.documents.people import Pupil, School, StaffMember
from hocba.documents.primary import PrimaryMarks, PrimarySubjectResult, TraitLevel, TraitResult
from hocba.documents.transcript import Digest
from hocba.regulations import curriculum
from hocba.regulations.circular27 import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hocba.documents.any_level import AnyTranscript

_CODES = {
    **dict.fromkeys(("learning", "conduct", "conduct_after_summer", "learning_after_retest"), labels.LEVELS),
    "promotion": labels.PROMOTIONS,
    "title": labels.TITLES,
    "kind": labels.KINDS,
    "sex": labels.SEXES,
    "overall": labels.OVERALL,
    "group": labels.TRAIT_GROUPS,
    "regulation": labels.REGULATIONS,
}
# Where the same name means different codes, by the kind of value it stands in.
_CODES_OF: dict[type, dict[str, Mapping[str, str]]] = {
    PrimaryMarks: dict.fromkeys(("middle_level", "end_level"), labels.SUBJECT_LEVELS),
    PrimarySubjectResult: {"level": labels.SUBJECT_LEVELS},
    TraitLevel: {"code": rules.qualities() | rules.competences(labels.LAST_GRADE_OF_PRIMARY)}
    | dict.fromkeys(("middle", "end"), labels.TRAIT_LEVELS),
    TraitResult: {"level": labels.TRAIT_LEVELS},
}
# Where the same name means different things.
_WORDS_OF: dict[type, dict[str, str]] = {
    Pupil: {"code": "mã học sinh", "name": "họ và tên học sinh"},
    School: {"code": "mã trường", "name": "tên trường", "level": "cấp học của trường"},
    StaffMember: {"name": "họ và tên", "title": "chức danh"},
}
_SILENT = frozenset({"identity", "pupil", "result", "school"})
"""Parts whose facts are plain without them: "phường, xã", not "phường, xã của trường của sổ"."""
_SPANS = frozenset({"term1", "term2", "year"})
_NAMES = ("name", "subject_name")
_CODES_LAST = ("code", "subject_code", "personal_id", "pupil_code")
_EMPTY = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of one part of a document; every cell is text as shown."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def cards(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The rows with the name of its column beside every cell, for a narrow screen."""
        return tuple(tuple(zip(self.columns, row, strict=True)) for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A document for reading: single facts first, then its tables."""

    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]


def outline_of(value: Any) -> Outline:
    """Return everything the document says, in the order of its fields."""
    return Outline(facts=tuple(_facts(value, "", "")), tables=tuple(_tables(value)))


def subject_outline(transcript: AnyTranscript, code: str) -> Outline:
    """Return what the row of one subject says of itself, and whose it is: nothing else of the transcript.

    Teachers of a subject have no right to the pupil's whole file. Raises KeyError when there is no such row.
    """
    rows = tuple(row for row in transcript.subjects if row.code == code)
    if not rows:
        raise KeyError(code)
    said = {
        "id": transcript.id,
        "version": transcript.version,
        "personal_id": transcript.pupil.personal_id,
        "school_year": transcript.school_year,
        "class_name": transcript.class_name,
    }
    facts = [("họ và tên", transcript.pupil.name), *((word(name), str(text)) for name, text in said.items())]
    return Outline(facts=tuple(facts), tables=(_table(word("subjects"), rows),))


def _facts(value: Any, prefix: str, parent: str) -> Iterator[tuple[str, str]]:
    for item in fields(value):
        found = getattr(value, item.name)
        label = _label(value, item.name, prefix, inside=bool(parent))
        if _is_table(found):
            continue
        if _is_part(found):
            yield from _facts(found, "" if item.name in _SILENT else label, item.name)
        else:
            yield label, _cell(value, item.name, parent) or _EMPTY


def _label(owner: Any, name: str, part: str, *, inside: bool) -> str:
    """The name of a fact within its part: "rèn luyện học kì I", "chức danh của giáo viên chủ nhiệm"."""
    found = _word(owner, name, inside=inside)
    if not part:
        return found
    return f"{part} {found}" if name in _SPANS else f"{found} của {part}"


def _tables(value: Any) -> Iterator[Table]:
    for item in fields(value):
        found = getattr(value, item.name)
        if _is_table(found):
            yield _table(word(item.name, inside=False), found)
        elif _is_part(found):
            yield from _tables(found)


def _table(title: str, rows: tuple[Any, ...]) -> Table:
    if not is_dataclass(rows[0]):
        return Table(
            title=title,
            columns=("mục", "giá trị băm"),
            rows=tuple((_entry(row[0]), *(_text(cell, "", "") for cell in row[1:])) for row in rows),
        )
    names = sorted((item.name for item in fields(rows[0])), key=_place)
    return Table(
        title=title,
        columns=tuple(_word(rows[0], name) for name in names),
        rows=tuple(tuple(_cell(row, name, "") or _EMPTY for name in names) for row in rows),
    )


def _place(name: str) -> int:
    """Names first, codes last, everything else between them as it stands."""
    return -1 if name in _NAMES else int(name in _CODES_LAST)


def _entry(key: Any) -> str:
    """What a digest is of: a term, or a subject with its code."""
    if isinstance(key, int):
        return labels.TERMS.get(key, str(key))
    name = curriculum.name_of(str(key))
    return str(key) if name == key else f"{name} ({key})"


def _is_table(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value)


def _is_part(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, Digest)


def _word(owner: Any, name: str, *, inside: bool = True) -> str:
    return _WORDS_OF.get(type(owner), {}).get(name) or word(name, inside=inside)


def _cell(owner: Any, name: str, parent: str) -> str:
    """A field of a value as shown."""
    value = getattr(owner, name)
    codes = _CODES_OF.get(type(owner), {}).get(name)
    return codes.get(value, value) if codes and isinstance(value, str) else _text(value, name, parent)


def _text(value: Any, name: str, parent: str) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, StaffMember):
        return ", ".join(filter(None, [f"{value.name} ({value.code})", value.title]))
    if isinstance(value, tuple):
        return "; ".join(_text(item, name, parent) or _EMPTY for item in value)
    if is_dataclass(value) and not isinstance(value, Digest):
        told = [item.name for item in fields(value)]
        return ", ".join(f"{_word(value, each)} {_cell(value, each, '') or _EMPTY}" for each in told)
    text = str(value)
    if name == "birth_date":
        return labels.birth_date(text)
    known = _CODES.get(name) or _CODES.get(parent)
    if known is not None:
        return known.get(text, text)
    return labels.mark(text) if _is_mark(text) else text


def _is_mark(text: str) -> bool:
    return text in labels.COMMENTS or (text.replace(".", "", 1).isdigit() and "." in text)
