"""Elements with content of their own, made of the members in `grammar`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hocba.documents.xml.streams import Cursor

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from hocba.documents.xml.grammar import Member
    from hocba.documents.xml.simple_types import SimpleType
    from hocba.documents.xml.streams import Output


@dataclass(frozen=True, slots=True)
class Element:
    """An element whose members fill the attributes of one value made by `build`.

    `ident` gives the `Id` of a signable element from the context and the value; `check` gives rules that join
    several attributes, as a list of problems.
    """

    tag: str
    build: Callable[..., Any]
    members: tuple[Member, ...]
    ident: Callable[[Any, Any], str] | None = None
    check: Callable[[Any], list[str]] | None = None
    _close: str = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the closing tag."""
        object.__setattr__(self, "_close", f"</{self.tag}>")

    def write(self, out: Output, value: Any, namespace: str | None = None) -> None:
        """Append the element; the outermost one is given the `namespace` to declare."""
        declaration = "" if namespace is None else f' xmlns="{namespace}"'
        ident = "" if self.ident is None else f' Id="{self.ident(out.context, value)}"'
        out.parts.append(f"<{self.tag}{declaration}{ident}>")
        out.path.append(self.tag)
        for member in self.members:
            member.write(out, value)
        if self.check is not None:
            out.problems.extend(f"{'/'.join(out.path)}: {message}" for message in self.check(value))
        out.path.pop()
        out.parts.append(self._close)

    def read(self, element: etree._Element, skip: int, path: str) -> Any:
        """Return the value of `element`; raises UnreadableDocument."""
        cursor = Cursor(element, skip, f"{path}/{self.tag}")
        values: dict[str, Any] = {}
        for member in self.members:
            member.read(cursor, values)
        cursor.finish()
        return self.build(**values)


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of two texts: a tuple of two, such as (subject code, digest)."""

    tag: str
    first: tuple[str, SimpleType]
    second: tuple[str, SimpleType]

    def write(self, out: Output, value: tuple[Any, Any]) -> None:
        """Append the row."""
        out.path.append(self.tag)
        out.parts.append(f"<{self.tag}>")
        for (tag, kind), item in zip((self.first, self.second), value, strict=True):
            try:
                out.parts.append(f"<{tag}>{kind.encode(item)}</{tag}>")
            except ValueError as error:
                out.problem(tag, str(error))
        out.parts.append(f"</{self.tag}>")
        out.path.pop()

    def read(self, element: etree._Element, skip: int, path: str) -> tuple[Any, Any]:
        """Return the tuple."""
        cursor = Cursor(element, skip, f"{path}/{self.tag}")
        found = []
        for tag, kind in (self.first, self.second):
            child = cursor.take(tag)
            if child is None:
                raise cursor.error(tag, "thiếu thành phần bắt buộc")
            try:
                found.append(kind.decode(child.text or ""))
            except ValueError as error:
                raise cursor.error(tag, str(error)) from None
        cursor.finish()
        return found[0], found[1]
