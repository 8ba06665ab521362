"""What the field grammar writes to and reads from: growing text, and the children of an element."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from hocba.documents.xml.errors import UnreadableDocument, UnwritableValue

if TYPE_CHECKING:
    from lxml import etree


class Output:
    """Collects canonical text and every problem met on the way."""

    __slots__ = ("context", "parts", "path", "problems")

    def __init__(self, context: Any = None) -> None:
        self.parts: list[str] = []
        self.path: list[str] = []
        self.problems: list[str] = []
        self.context = context

    def problem(self, tag: str, message: str) -> None:
        """Note what is wrong at `tag` below the current element."""
        self.problems.append(f"{'/'.join([*self.path, tag])}: {message}")

    def octets(self) -> bytes:
        """Return the UTF-8 octets; raises UnwritableValue with all problems at once."""
        text = "".join(self.parts)
        if not self.problems and not unicodedata.is_normalized("NFC", text):
            self.problems.append("Văn bản chưa ở dạng chuẩn Unicode NFC")
        if self.problems:
            raise UnwritableValue(self.problems)
        return text.encode("utf-8")


class Cursor:
    """Walks the children of one element in document order; `skip` is the length of "{namespace}" in names."""

    __slots__ = ("children", "names", "path", "position", "skip")

    def __init__(self, element: etree._Element, skip: int, path: str) -> None:
        self.children: list[etree._Element] = list(element)
        self.names = [child.tag[skip:] for child in self.children]
        self.names.append("")  # no element has this name: the end
        self.position = 0
        self.skip = skip
        self.path = path

    def take(self, tag: str) -> etree._Element | None:
        """Return the next child if it is called `tag`, and step over it."""
        position = self.position
        if self.names[position] != tag:
            return None
        self.position = position + 1
        return self.children[position]

    def error(self, tag: str, message: str) -> UnreadableDocument:
        """Return the error to raise about `tag`."""
        return UnreadableDocument(f"{self.path}/{tag}: {message}")

    def finish(self) -> None:
        """Raise unless every child was taken."""
        if self.position < len(self.children):
            raise self.error(self.names[self.position], "thành phần không có trong cấu trúc hoặc sai thứ tự")
