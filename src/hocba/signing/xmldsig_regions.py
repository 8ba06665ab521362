"""What the references of a signature name: the elements of one document, and their canonical octets."""

from __future__ import annotations

from copy import deepcopy
from functools import cached_property
from typing import cast

from lxml import etree

from hocba.signing.checks import Code
from hocba.signing.problems import ProfileError
from hocba.signing.xmldsig_names import IDENTIFIERS, canonical, ds
from hocba.signing.xmldsig_profile import ReadSignature, Reference

_IDENTIFIERS = etree.XPath(IDENTIFIERS)
_FOREIGN_SCOPE = etree.XPath("boolean(ancestor::*/@xml:*)")


class Regions:
    """The elements of one document by identifier; its tree must not change meanwhile."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self._octets: dict[tuple[str, bool], bytes] = {}
        self._by_id: dict[str, list[etree._Element]] = {}
        for identifier in cast("list[etree._ElementUnicodeResult]", _IDENTIFIERS(root)):
            element = cast("etree._Element", identifier.getparent())
            self._by_id.setdefault(str(identifier), []).append(element)

    def octets(self, reference: Reference, read: ReadSignature) -> bytes:
        """Give what the reference's digest is of.

        Raises:
            ProfileError: there is no such element, several, or one in the wrong place.
        """
        if not reference.uri:
            return self._without(read, exclusive=reference.exclusive)
        key = (reference.uri, reference.exclusive)
        if key not in self._octets:
            element = self.element(reference.uri, read)
            self._octets[key] = canonical_in_place(element, exclusive=reference.exclusive)
        return self._octets[key]

    @cached_property
    def whole(self) -> bytes:
        """The exclusive canonical octets of the document."""
        return canonical(self.root)

    def _without(self, read: ReadSignature, *, exclusive: bool) -> bytes:
        """Give the canonical octets of the document without this signature.

        Where its own octets stand in the document's, they are the signature: no other element has its Id, and only
        tags and processing instructions hold a bare "<". They are another there only when names that it uses are
        declared around it.
        """
        own = canonical(read.element)
        is_known = exclusive and len(self._by_id.get(read.signature_id, ())) == 1 and b"<?" not in self.whole
        if is_known and self.whole.count(own) == 1:
            return self.whole.replace(own, b"")
        return canonical_in_place(_copy_without(read.element, self.root), exclusive=exclusive)

    def element(self, uri: str, read: ReadSignature) -> etree._Element:
        """Find the one element that `#id` names: the own time, or a region outside of every signature.

        Raises:
            ProfileError: there is no such element, several, or one in the wrong place.
        """
        identifier = uri[1:]
        found = self._by_id.get(identifier, [])
        if len(found) != 1 or found[0].get("Id") != identifier:
            raise ProfileError(
                Code.SIGNED_DATA_NOT_FOUND,
                f"Không xác định được duy nhất vùng được ký “{uri}” trong tệp.",
            )
        own = identifier == read.time_object_id
        inside = next(found[0].iterancestors(ds("Signature")), None) is not None
        if (own and found[0] is not read.time_object) or (inside and not own):
            raise ProfileError(Code.SIGNED_DATA_NOT_FOUND, f"Vùng được ký “{uri}” nằm sai vị trí trong tệp.")
        return found[0]


def canonical_in_place(element: etree._Element, *, exclusive: bool) -> bytes:
    """Give the canonical octets of an element as they are inside its document (C14N 1.0 or exclusive).

    Raises:
        ProfileError: inclusive, and an ancestor has attributes of the xml namespace, which it would inherit.
    """
    if exclusive:
        return canonical(element)
    if element.getparent() is None:
        return etree.tostring(element, method="c14n", exclusive=False, with_comments=False)
    # The inclusive form also takes what ancestors declare: rebuild the element with all of that on it.
    if _FOREIGN_SCOPE(element):
        raise ProfileError(Code.FORMAT_FAILURE, "Thuộc tính xml:* bao quanh vùng ký không được phép.")
    scope = cast("dict[str, str]", element.nsmap)
    alone = etree.Element(element.tag, {}, scope)
    alone.attrib.update(element.attrib)
    alone.text = element.text
    alone.extend(deepcopy(child) for child in element)
    return etree.tostring(alone, method="c14n", exclusive=False, with_comments=False)


def _copy_without(signature: etree._Element, root: etree._Element) -> etree._Element:
    """Give a copy of the document without this signature (XML-Signature 6.6.4)."""
    path = []
    for element in (signature, *signature.iterancestors()):
        parent = element.getparent()
        if parent is not None:
            path.append(parent.index(element))
    here = deepcopy(root)
    for position in reversed(path):
        here = here[position]
    parent, before, tail = here.getparent(), here.getprevious(), here.tail or ""
    if parent is None:
        raise ProfileError(Code.FORMAT_FAILURE, "Chữ ký không thể là phần tử gốc của tệp.")
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(here)
    return parent.getroottree().getroot()
