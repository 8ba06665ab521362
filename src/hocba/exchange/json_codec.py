"""Frozen dataclasses to JSON and back, strictly: unknown fields refused, all problems told at once.

The shape is read from the annotations of the classes: text, whole numbers, booleans, instants (ISO 8601 with
offset, written with +07:00 and whole seconds), digests ("sha256:…"), enumerations, literals, tuples, nested
dataclasses, and any of these or null. A field with a default may be left out by the sender.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, TypeVar, cast

from hocba.documents.transcript import Digest
from hocba.documents.xml.grammar import ILLEGAL
from hocba.documents.xml.simple_types import SimpleType
from hocba.signing import instants

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class MessageProblem:
    """One thing wrong in a message: a JSON pointer (RFC 6901) to it, and a Vietnamese sentence."""

    pointer: str
    message: str


class MessageError(ValueError):
    """A message that cannot be accepted; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: list[MessageProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{found.pointer or '/'}: {found.message}" for found in problems))


class Reader:
    """Reads one document and collects its problems.

    `shapes` narrows fields by (class, field name); `may_be_empty` names required text fields that may be "".
    """

    def __init__(
        self,
        shapes: Mapping[tuple[type, str], SimpleType],
        may_be_empty: Container[tuple[type, str]] = frozenset(),
    ) -> None:
        self.problems: list[MessageProblem] = []
        self._shapes = shapes
        self._may_be_empty = may_be_empty

    def value(self, kind: Any, data: Any, pointer: str) -> Any:
        """Return `data` as a value of the annotation `kind`, or None after noting what is wrong."""
        origin = typing.get_origin(kind)
        if origin in (types.UnionType, typing.Union):
            (inner,) = (each for each in typing.get_args(kind) if each is not types.NoneType)
            return None if data is None else self.value(inner, data, pointer)
        if origin is tuple:
            return self._items(typing.get_args(kind)[0], data, pointer)
        if origin is Literal:
            return self._one_of(typing.get_args(kind), data, pointer)
        if dataclasses.is_dataclass(kind) and kind is not Digest:
            return self.record(cast("type[Any]", kind), data, pointer)
        return self._plain(kind, data, pointer)

    def record(self, kind: type[Any], data: Any, pointer: str) -> Any:
        """Return a `kind` made of the object `data`, or None after noting what is wrong."""
        if not isinstance(data, dict):
            return self.problem(pointer, "phải là một đối tượng JSON")
        before = len(self.problems)
        hints = _hints_of(kind)
        for name in data:
            if name not in hints:
                self.problem(f"{pointer}/{_escaped(name)}", "trường không có trong cấu trúc")
        values: dict[str, Any] = {}
        for field in dataclasses.fields(kind):
            if field.name in data:
                here = f"{pointer}/{field.name}"
                values[field.name] = self.value(hints[field.name], data[field.name], here)
                self._check(kind, field, values[field.name], here)
            elif field.default is dataclasses.MISSING:
                self.problem(f"{pointer}/{field.name}", "thiếu trường bắt buộc")
        return kind(**values) if len(self.problems) == before else None

    def problem(self, pointer: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(MessageProblem(pointer, message))

    def _check(self, owner: type[Any], field: dataclasses.Field[Any], value: Any, pointer: str) -> None:
        key = (owner, field.name)
        if value == "" and field.default is dataclasses.MISSING and key not in self._may_be_empty:
            self.problem(pointer, "đang để trống")
        shape = self._shapes.get(key)
        for item in value if isinstance(value, tuple) else (value,):
            if shape is not None and item not in (None, ""):
                try:
                    shape.encode(item)
                except ValueError as error:
                    self.problem(pointer, str(error))

    def _items(self, kind: Any, data: Any, pointer: str) -> Any:
        if not isinstance(data, list):
            return self.problem(pointer, "phải là một danh sách")
        return tuple(self.value(kind, item, f"{pointer}/{index}") for index, item in enumerate(data))

    def _one_of(self, allowed: tuple[str, ...], data: Any, pointer: str) -> Any:
        if data not in allowed:
            return self.problem(pointer, f"phải là một trong: {', '.join(allowed)}")
        return data

    def _plain(self, kind: Any, data: Any, pointer: str) -> Any:
        wanted = kind if kind in (int, bool) else str
        if type(data) is not wanted:
            return self.problem(pointer, f"phải là {_NAMES[wanted]}")
        try:
            return _from_text(kind, data) if isinstance(data, str) else data
        except ValueError as error:
            return self.problem(pointer, str(error))


_NAMES = {int: "số nguyên", bool: "true hoặc false", str: "chuỗi ký tự"}


def to_plain(value: Any) -> Any:
    """Return `value` as what `json` can write."""
    if isinstance(value, Digest | StrEnum):
        return str(value)
    if isinstance(value, datetime):
        return instants.iso(value)
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


def parse(text: bytes) -> Any:
    """Return the JSON value in UTF-8 `text`; refuses repeated names and numbers that are not whole.

    Raises MessageError.
    """
    try:
        return json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_distinct,
            parse_float=_refused_number,
            parse_constant=_refused_number,
        )
    except (ValueError, RecursionError) as error:
        raise MessageError([MessageProblem("", f"không đọc được JSON: {error}")]) from None


_HINTS: dict[type[Any], dict[str, Any]] = {}


def _hints_of(kind: type[Any]) -> dict[str, Any]:
    if kind not in _HINTS:
        _HINTS[kind] = typing.get_type_hints(kind)
    return _HINTS[kind]


def _from_text(kind: Any, text: str) -> Any:
    if kind is str:
        return _plain_text(text)
    if kind is Digest:
        return _digest(text)
    if kind is datetime:
        return _instant(text)
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"phải là một trong: {', '.join(kind)}") from None


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _plain_text(text: str) -> str:
    illegal = ILLEGAL.search(text)
    if illegal is not None:
        raise ValueError(f"có ký tự U+{ord(illegal.group()):04X} không được phép")
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError("chưa ở dạng chuẩn Unicode NFC")
    return text


def _digest(text: str) -> Digest:
    try:
        return Digest.parse(text)
    except ValueError:
        raise ValueError("không phải là giá trị băm dạng sha256:<64 chữ số thập lục phân>") from None


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("không phải là thời điểm theo ISO 8601") from None
    if instant.tzinfo is None:
        raise ValueError("thời điểm thiếu múi giờ")
    if not instants.is_within_reach(instant):
        raise ValueError("thời điểm nằm ngoài khoảng năm được nhận")
    if instant.microsecond:
        raise ValueError("thời điểm chỉ ghi đến giây")
    return instant


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("một tên trường được ghi nhiều lần trong cùng đối tượng")
    return found


def _refused_number(text: str) -> Any:
    raise ValueError(f"số {text} không phải là số nguyên")
