"""From the outermost value to octets and back, with the proof that nothing was lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from hocba.documents.xml.errors import UnreadableDocument, UnwritableValue
from hocba.documents.xml.streams import Output

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocba.documents.xml.elements import Element

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_NO_TAG = re.compile(rb"<[!?]")


def write_root(element: Element, namespace: str, value: Any, context: Any) -> bytes:
    """Return the canonical octets of `value` as the outermost element; raises UnwritableValue."""
    out = Output(context)
    element.write(out, value, namespace)
    return out.octets()


def read_root(octets: bytes, element: Element, namespace: str, write: Callable[[Any], bytes]) -> Any:
    """Return the value that `octets` say; `write` must give the very same octets again.

    Raises UnreadableDocument when the octets are not the canonical form of any value.
    """
    root = _parse(octets)
    tag = f"{{{namespace}}}{element.tag}"
    if root.tag != tag:
        raise UnreadableDocument(f"Thành phần gốc là {root.tag}, cần {tag}")
    value = element.read(root, len(namespace) + 2, "")
    try:
        again = write(value)
    except UnwritableValue as error:
        raise UnreadableDocument("; ".join(error.problems)) from None
    if again != octets:
        raise UnreadableDocument("Nội dung không ở dạng chuẩn tắc hoặc mang thông tin ngoài cấu trúc")
    return value


def _parse(octets: bytes) -> etree._Element:
    # In canonical form "<" opens tags only: a declaration, comment or instruction cannot be part of it.
    if _NO_TAG.search(octets) is not None:
        raise UnreadableDocument("Nội dung có khai báo, chú thích hoặc chỉ thị xử lý XML")
    try:
        return etree.fromstring(octets, _PARSER)
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(f"Không đọc được XML: {error}") from None
