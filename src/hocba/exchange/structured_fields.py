"""The part of structured header fields (RFC 9651) that message signatures use: dictionaries and inner lists.

Items are strings, integers, booleans, tokens and byte sequences; what is written is the canonical form of
what was read, which is what RFC 9421 signs.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from hocba.exchange.errors import MalformedFieldError

LONGEST_FIELD = 8192
"""Characters of a field that are read at all."""


class Token(str):
    """A bare word, written without quotes."""

    __slots__ = ()


Bare: TypeAlias = str | int | bool | bytes
Parameters: TypeAlias = Mapping[str, Bare]


@dataclass(frozen=True, slots=True)
class Item:
    """A value with its parameters."""

    value: Bare
    parameters: Parameters = field(default_factory=dict)

    def __str__(self) -> str:
        """Write it."""
        return _write(self.value) + _write_parameters(self.parameters)


@dataclass(frozen=True, slots=True)
class InnerList:
    """Items in parentheses, with parameters of the whole."""

    items: tuple[Item, ...]
    parameters: Parameters = field(default_factory=dict)

    def __str__(self) -> str:
        """Write it."""
        return "(" + " ".join(map(str, self.items)) + ")" + _write_parameters(self.parameters)


def parse_dictionary(text: str) -> dict[str, Item | InnerList]:
    """Read a dictionary field; a key that comes twice is refused, though RFC 9651 lets the last one win.

    Raises:
        MalformedFieldError: it is none.
    """
    if len(text) > LONGEST_FIELD:
        raise MalformedFieldError("the field is too long")
    return dict(_read(text))


# A message's fields are looked at several times: by its receiver, and by the answer that is bound to them.
@lru_cache(maxsize=128)
def _read(text: str) -> dict[str, Item | InnerList]:
    reader = _Reader(text.strip(" "))
    members: dict[str, Item | InnerList] = {}
    while not reader.at_end():
        key = reader.take(_KEY)
        if key in members:
            raise MalformedFieldError(f"{key} comes twice")
        members[key] = reader.member()
        if reader.at_end():
            return members
        reader.take(_COMMA)
        if reader.at_end():
            raise MalformedFieldError("the field ends with a comma")
    return members


def write_dictionary(members: Mapping[str, Item | InnerList]) -> str:
    """Write a dictionary field."""
    return ", ".join(f"{key}={member}" for key, member in members.items())


_KEY = re.compile(r"[a-z*][a-z0-9_.*-]{0,63}")
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_SPACES = re.compile(r" *")
_STRING = re.compile(r'"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_INTEGER = re.compile(r"-?[0-9]{1,15}(?![0-9.])")
_BYTES = re.compile(r":([A-Za-z0-9+/=]*):")
_BOOLEAN = re.compile(r"\?([01])")
_TOKEN = re.compile(r"[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*")


class _Reader:
    """Walks over the text of a field."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0

    def at_end(self) -> bool:
        return self._position >= len(self._text)

    def take(self, pattern: re.Pattern[str]) -> str:
        taken = self._try(pattern)
        if taken is None:
            raise MalformedFieldError(f"unexpected text at {self._position}")
        return taken[0]

    def member(self) -> Item | InnerList:
        if not self._skip("="):
            return Item(value=True, parameters=self._parameters())
        if not self._skip("("):
            return self._item()
        items = []
        self.take(_SPACES)
        while not self._skip(")"):
            items.append(self._item())
            if not self.take(_SPACES) and not self._text.startswith(")", self._position):
                raise MalformedFieldError("items must be apart")
        return InnerList(tuple(items), self._parameters())

    def _item(self) -> Item:
        return Item(self._bare(), self._parameters())

    def _parameters(self) -> dict[str, Bare]:
        found: dict[str, Bare] = {}
        while self._skip(";"):
            self.take(_SPACES)
            key = self.take(_KEY)
            if key in found:
                raise MalformedFieldError(f"parameter {key} comes twice")
            found[key] = self._bare() if self._skip("=") else True
        return found

    def _bare(self) -> Bare:
        if match := self._try(_STRING):
            return re.sub(r"\\(.)", r"\1", match[1])
        if match := self._try(_INTEGER):
            return int(match[0])
        if match := self._try(_BYTES):
            return _from_base64(match[1])
        if match := self._try(_BOOLEAN):
            return match[1] == "1"
        return Token(self.take(_TOKEN))

    def _skip(self, mark: str) -> bool:
        found = self._text.startswith(mark, self._position)
        self._position += len(mark) * found
        return found

    def _try(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._position)
        if match is not None:
            self._position = match.end()
        return match


def _from_base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise MalformedFieldError("not base64") from error


def _write(value: Bare) -> str:
    if isinstance(value, bool):
        return "?1" if value else "?0"
    if isinstance(value, int | Token):
        return str(value)
    if isinstance(value, bytes):
        return ":" + b64encode(value).decode("ascii") + ":"
    return _quoted(value)


@lru_cache(maxsize=512)
def _quoted(value: str) -> str:
    if not re.fullmatch(r"[\x20-\x7e]*", value):
        raise MalformedFieldError("a string of a structured field is printable ASCII")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write_parameters(parameters: Parameters) -> str:
    return "".join(
        f";{key}" if value is True else f";{key}={_write(value)}" for key, value in parameters.items()
    )
