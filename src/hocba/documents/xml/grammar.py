"""A small grammar of fields: one description writes a frozen value as canonical XML and reads it back.

The text written *is* the exclusive canonical form (https://www.w3.org/TR/xml-exc-c14n/) of the element:
default namespace declared on the outermost element only, no prefix, attributes in order, empty elements as a
pair of tags, no white space between elements. So no canonicaliser has to run before a digest is taken, and a
test compares every result with the one libxml2 makes.

Reading is the mirror image: `read_root` builds the value from the octets, writes it again and compares. What
is not said by the value, an extra attribute, a comment, a blank, another prefix, makes the octets unreadable.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Protocol

from hocba.documents.xml.streams import Cursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

    from hocba.documents.xml.simple_types import SimpleType
    from hocba.documents.xml.streams import Output

# XML 1.0 (fifth edition) section 2.2, production 2: every character outside this set is refused.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Row(Protocol):
    """What can stand as a nested element or as a row of a list."""

    @property
    def tag(self) -> str:
        """Local name of the element."""

    def write(self, out: Output, value: Any) -> None:
        """Append the element for `value`."""

    def read(self, element: etree._Element, skip: int, path: str) -> Any:
        """Return the value `element` says."""


class Member(Protocol):
    """One step of an element's content."""

    def write(self, out: Output, owner: Any) -> None:
        """Append the content this member has for `owner`."""

    def read(self, cursor: Cursor, values: dict[str, Any]) -> None:
        """Take this member's elements and put what they say into `values`."""


class Leaf:
    """An element with text: one attribute of the value. Optional ones are left out when empty."""

    __slots__ = ("_close", "_decode", "_empty", "_encode", "_name", "_open", "_optional", "_tag")

    def __init__(
        self, tag: str, name: str, kind: SimpleType, *, optional: bool = False, empty: str | None = ""
    ) -> None:
        self._tag, self._name, self._optional, self._empty = tag, name, optional, empty
        self._open, self._close = f"<{tag}>", f"</{tag}>"
        self._encode, self._decode = kind.encode, kind.decode

    def write(self, out: Output, owner: Any) -> None:
        """Append the element, or nothing when the value is empty and may be."""
        value = getattr(owner, self._name)
        if value is None or value == "":
            if not self._optional:
                out.problem(self._tag, "bắt buộc, đang để trống")
            elif value != self._empty:
                out.problem(self._tag, "giá trị trống phải bỏ hẳn, không ghi chuỗi rỗng")
            return
        try:
            text = self._encode(value)
        except ValueError as error:
            out.problem(self._tag, str(error))
            return
        out.parts.append(f"{self._open}{self._escaped(out, text)}{self._close}")

    def read(self, cursor: Cursor, values: dict[str, Any]) -> None:
        """Take the element's text."""
        element = cursor.take(self._tag)
        if element is None:
            if not self._optional:
                raise cursor.error(self._tag, "thiếu thành phần bắt buộc")
            values[self._name] = self._empty
            return
        try:
            values[self._name] = self._decode(element.text or "")
        except ValueError as error:
            raise cursor.error(self._tag, str(error)) from None

    def _escaped(self, out: Output, text: str) -> str:
        if text.isascii() and text.isalnum():
            return text
        illegal = ILLEGAL.search(text)
        if illegal is not None:
            out.problem(self._tag, f"có ký tự U+{ord(illegal.group()):04X} không được phép trong XML")
        elif not unicodedata.is_normalized("NFC", ">" + text):
            out.problem(self._tag, "chưa ở dạng chuẩn Unicode NFC")
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


class Optional:
    """A nested element that may be missing: the attribute is then None."""

    __slots__ = ("_element", "_name")

    def __init__(self, element: Row, name: str) -> None:
        self._element, self._name = element, name

    def write(self, out: Output, owner: Any) -> None:
        """Append the element unless the attribute is None."""
        value = getattr(owner, self._name)
        if value is not None:
            self._element.write(out, value)

    def read(self, cursor: Cursor, values: dict[str, Any]) -> None:
        """Take the element if it is there."""
        element = cursor.take(self._element.tag)
        values[self._name] = (
            None if element is None else self._element.read(element, cursor.skip, cursor.path)
        )


class One:
    """A nested element that must be there."""

    __slots__ = ("_element", "_name")

    def __init__(self, element: Row, name: str) -> None:
        self._element, self._name = element, name

    def write(self, out: Output, owner: Any) -> None:
        """Append the element."""
        self._element.write(out, getattr(owner, self._name))

    def read(self, cursor: Cursor, values: dict[str, Any]) -> None:
        """Take the element."""
        element = cursor.take(self._element.tag)
        if element is None:
            raise cursor.error(self._element.tag, "thiếu thành phần bắt buộc")
        values[self._name] = self._element.read(element, cursor.skip, cursor.path)


class Many:
    """A list element around zero or more rows: the attribute is a tuple."""

    __slots__ = ("_least", "_most", "_name", "_row", "_tag")

    def __init__(self, tag: str, row: Row, name: str, *, least: int = 0, most: int) -> None:
        self._tag, self._row, self._name, self._least, self._most = tag, row, name, least, most

    def write(self, out: Output, owner: Any) -> None:
        """Append the list and its rows."""
        values: Sequence[Any] = getattr(owner, self._name)
        if not self._least <= len(values) <= self._most:
            out.problem(self._tag, f"có {len(values)} mục, cần từ {self._least} đến {self._most}")
        out.parts.append(f"<{self._tag}>")
        out.path.append(self._tag)
        for value in values:
            self._row.write(out, value)
        out.path.pop()
        out.parts.append(f"</{self._tag}>")

    def read(self, cursor: Cursor, values: dict[str, Any]) -> None:
        """Take the list and all its rows."""
        element = cursor.take(self._tag)
        if element is None:
            raise cursor.error(self._tag, "thiếu thành phần bắt buộc")
        rows = Cursor(element, cursor.skip, f"{cursor.path}/{self._tag}")
        found = []
        while (row := rows.take(self._row.tag)) is not None:
            found.append(self._row.read(row, rows.skip, rows.path))
        rows.finish()
        values[self._name] = tuple(found)


class Items:
    """A list element around short texts: the attribute is a tuple, None in it an empty place."""

    __slots__ = ("_close", "_decode", "_encode", "_item", "_most", "_name", "_open", "_tag")

    def __init__(self, tag: str, item: str, kind: SimpleType, name: str, *, most: int) -> None:
        self._tag, self._item, self._name, self._most = tag, item, name, most
        self._open, self._close = f"<{item}>", f"</{item}>"
        self._encode, self._decode = kind.encode, kind.decode

    def write(self, out: Output, owner: Any) -> None:
        """Append the list; an empty place keeps its position as an empty element."""
        values: Sequence[Any] = getattr(owner, self._name)
        if len(values) > self._most:
            out.problem(self._tag, f"có {len(values)} mục, tối đa {self._most}")
        out.parts.append(f"<{self._tag}>")
        for value in values:
            try:
                text = "" if value is None else self._encode(value)
            except ValueError as error:
                out.problem(f"{self._tag}/{self._item}", str(error))
                continue
            out.parts.append(f"{self._open}{text}{self._close}")
        out.parts.append(f"</{self._tag}>")

    def read(self, cursor: Cursor, values: dict[str, Any]) -> None:
        """Take the list and all its items."""
        element = cursor.take(self._tag)
        if element is None:
            raise cursor.error(self._tag, "thiếu thành phần bắt buộc")
        items = Cursor(element, cursor.skip, f"{cursor.path}/{self._tag}")
        found = []
        while (item := items.take(self._item)) is not None:
            try:
                found.append(self._decode(item.text) if item.text else None)
            except ValueError as error:
                raise items.error(self._item, str(error)) from None
        items.finish()
        values[self._name] = tuple(found)


class Echo:
    """Elements that repeat what an outer element says, so that a region names its own subject.

    They are written from the text prepared in `Output.context` and skipped when reading: `read_root` compares
    the octets, so a repeated value that differs from the outer one is refused there.
    """

    __slots__ = ("_tags",)

    def __init__(self, *tags: str) -> None:
        self._tags = tags

    def write(self, out: Output, _owner: Any) -> None:
        """Append the prepared text."""
        out.parts.append(out.context.echo)

    def read(self, cursor: Cursor, _values: dict[str, Any]) -> None:
        """Step over the repeated elements."""
        for tag in self._tags:
            if cursor.take(tag) is None:
                raise cursor.error(tag, "thiếu thành phần bắt buộc")


class Constant:
    """An element with a fixed text that says what kind of region this is."""

    __slots__ = ("_tag", "_text")

    def __init__(self, tag: str, text: str) -> None:
        self._tag, self._text = tag, text

    def write(self, out: Output, _owner: Any) -> None:
        """Append the element."""
        out.parts.append(f"<{self._tag}>{self._text}</{self._tag}>")

    def read(self, cursor: Cursor, _values: dict[str, Any]) -> None:
        """Take the element and compare its text."""
        element = cursor.take(self._tag)
        if element is None or element.text != self._text:
            raise cursor.error(self._tag, f"phải là {self._text}")
