"""Is there anything in an XML file that nobody signed?

Every element has to stand under a region that a good signature covers, be part of a good signature, or be a
bare wrapper (no text, no attribute but those the schema fixes). With a seal over the root this holds by
itself; files without a seal (sheets and terms of the class record) need the walk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from hocba.signing.checks import Check, Code, failed, passed
from hocba.signing.xmldsig import WHOLE_DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

NAME = "coverage"
_FIXED_ATTRIBUTES = {"phienBanLuocDo"}  # the schema admits one value only


def check(root: etree._Element, *, covered: Collection[str], good_signatures: Collection[str]) -> Check:
    """Whether all is covered: `covered` are URIs ("#id" or ""), `good_signatures` Ids of right signatures."""
    if WHOLE_DOCUMENT in covered:
        return passed(NAME, "Con dấu số bao trùm toàn bộ tệp, kể cả các chữ ký trước đó.")
    signed = {uri.removeprefix("#") for uri in covered} | set(good_signatures)
    bare = next(_uncovered(root, signed), None)
    if bare is None:
        return passed(NAME, "Mọi nội dung của tệp đều nằm trong vùng được ký.")
    name = etree.QName(bare).localname
    return failed(
        NAME, Code.UNSIGNED_CONTENT, f"Tệp có nội dung không nằm trong vùng được ký (phần tử “{name}”)."
    )


def _uncovered(element: etree._Element, signed: Collection[str]) -> Iterator[etree._Element]:
    if element.get("Id") in signed:
        return
    if set(element.attrib) - _FIXED_ATTRIBUTES or _has_text(element):
        yield element
    for child in element:
        yield from _uncovered(child, signed)


def _has_text(element: etree._Element) -> bool:
    return bool((element.text or "").strip() or any((child.tail or "").strip() for child in element))
