"""Empty signature fields, all made in one increment before anybody signs.

A field that is added after a certifying signature is a suspicious change to every checker (trust.md 1), so
the places exist first and a signature only fills one. Each field is a widget on its page, tagged as a Form
element with a text alternative (PDF/UA-1 7.18), with an empty appearance (PDF/A-3 6.3.3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hocba.signing import pdf_structure
from hocba.signing.pdf_structure import broken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocba.signing.pdf_structure import PdfFile

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,39}")

_NUMS = re.compile(rb"/ParentTree<</Nums\[([0-9R ]*)\]>>")
_NEXT_KEY = re.compile(rb"/ParentTreeNextKey (\d{1,6})")
_KIDS = re.compile(rb"/Kids\[([0-9R ]*)\]")
_ROOT_ELEMENT = re.compile(rb"/StructTreeRoot\b.*?/K\[(\d{1,6}) 0 R\]", re.DOTALL)
_FIELDS = re.compile(rb"<</Fields\[([0-9R ]+)\]/SigFlags 3>>")
_WIDGET = re.compile(
    rb"<</Type/Annot/Subtype/Widget/FT/Sig/T\(([A-Za-z0-9]{1,40})\)/TU<FEFF((?:[0-9A-F]{4}){1,200})>/F 132"
    rb"/Rect\[(%b) (%b) (%b) (%b)\]/P (\d{1,6}) 0 R" % ((rb"\d{1,6}(?:\.\d{1,2})?",) * 4)
)
_MOST_FIELDS = 8
_REFERENCE = re.compile(rb"(\d{1,6}) 0 R")


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """A rectangle on a page: `page` counts from 1, the rest is PDF points from the page's lower left."""

    page: int
    x: float
    y: float
    w: float
    h: float

    @property
    def rectangle(self) -> bytes:
        """The corners as a /Rect array says them."""
        corners = (self.x, self.y, self.x + self.w, self.y + self.h)
        return b"[%b]" % b" ".join(number(value) for value in corners)


@dataclass(frozen=True, slots=True)
class SignatureField:
    """An empty field: `name` is ASCII, `label` what a screen reader says (Vietnamese)."""

    name: str
    label: str
    place: FieldPlace


def number(value: float) -> bytes:
    """A PDF number of at most two decimals, without trailing zeros."""
    return (f"{value:.2f}".rstrip("0").rstrip(".") or "0").encode()


def text_string(text: str) -> bytes:
    """A PDF text string in hexadecimal UTF-16."""
    return b"<FEFF%b>" % text.encode("utf-16-be").hex().upper().encode()


def add_fields(pdf: bytes, fields: Sequence[SignatureField]) -> bytes:
    """The PDF with these empty signature fields; the same input gives the same bytes.

    Raises:
        UnreadableError: the PDF is not a single tagged revision of the accepted shape.
        ValueError: a name is not ASCII, is repeated, or a page does not exist.
    """
    names = [field.name for field in fields]
    if not _are_plain(names):
        raise ValueError(f"field names must be plain and distinct: {names}")
    file = pdf_structure.read(pdf)
    if len(file.revisions) != 1:
        raise broken("tệp đã có phần cập nhật")
    return pdf + _increment(file, fields)


def _increment(file: PdfFile, fields: Sequence[SignatureField]) -> bytes:
    return pdf_structure.increment(file.last, _objects(file, fields))


def _are_plain(names: Sequence[str]) -> bool:
    return len(set(names)) == len(names) and all(NAME.fullmatch(name) for name in names)


def require_fields_only(file: PdfFile) -> None:
    """Check that the second of two revisions is just what `add_fields` would have made.

    Raises:
        UnreadableError: it is not.
    """
    first = file.up_to(1)
    listed = _FIELDS.search(file.body(first.last.size))
    widgets = [int(reference) for reference in _REFERENCE.findall(listed[1])] if listed else []
    pages = {page: index + 1 for index, page in enumerate(page_numbers(first))}
    fields = [_read_field(file.body(widget), pages) for widget in widgets[:_MOST_FIELDS]]
    if not fields or not _are_plain([field.name for field in fields]):
        raise broken("các ô chữ ký không như quy định")
    if file.data[first.last.end : file.last.end] != _increment(first, fields):
        raise broken("các ô chữ ký không như quy định")


def _read_field(body: bytes, pages: dict[int, int]) -> SignatureField:
    found = _WIDGET.match(body)
    if found is None or int(found[7]) not in pages:
        raise broken("ô chữ ký không như quy định")
    left, bottom, right, top = (float(corner) for corner in found.group(3, 4, 5, 6))
    place = FieldPlace(pages[int(found[7])], left, bottom, right - left, top - bottom)
    label = bytes.fromhex(found[2].decode()).decode("utf-16-be", "replace")
    return SignatureField(found[1].decode(), label, place)


def page_numbers(file: PdfFile) -> list[int]:
    """Object numbers of the pages in order; the tree must be flat."""
    pages = re.search(rb"/Pages (\d{1,6}) 0 R", file.body(file.last.root))
    kids = _KIDS.search(file.body(int(pages[1]))) if pages else None
    if kids is None:
        raise broken("không có trang")
    return [int(reference) for reference in _REFERENCE.findall(kids[1])]


def _objects(file: PdfFile, fields: Sequence[SignatureField]) -> dict[int, bytes]:
    pages, size, catalog = page_numbers(file), file.last.size, file.body(file.last.root)
    structure = _only(re.compile(rb"/StructTreeRoot (\d{1,6}) 0 R"), catalog)
    tree = file.body(structure)
    document, next_key = _only(_ROOT_ELEMENT, tree), _only(_NEXT_KEY, tree)
    objects: dict[int, bytes] = {}
    widgets: dict[int, list[int]] = {}
    form, first = size, size + 1
    for index, field in enumerate(fields):
        if not 1 <= field.place.page <= len(pages):
            raise ValueError(f"no page {field.place.page}")
        widget, page = first + 3 * index, pages[field.place.page - 1]
        widgets.setdefault(page, []).append(widget)
        objects |= _field_objects(field, widget, page, document, next_key + index)
    all_widgets = [first + 3 * index for index in range(len(fields))]
    keys = b"".join(
        b" %d %d 0 R" % (next_key + index, widget + 1) for index, widget in enumerate(all_widgets)
    )
    elements = b"".join(b" %d 0 R" % (widget + 1) for widget in all_widgets)
    objects[form] = b"<</Fields[%b]/SigFlags 3>>" % _references(all_widgets)
    objects[structure] = _with_keys(tree, keys, next_key + len(fields))
    objects[document] = _before(file.body(document), b"]>>", elements)
    objects[file.last.root] = _before(catalog, b">>", b"/AcroForm %d 0 R" % form)
    for page, members in widgets.items():
        objects[page] = _before(file.body(page), b">>", b"/Annots[%b]" % _references(members))
    return objects


def _field_objects(
    field: SignatureField, widget: int, page: int, document: int, key: int
) -> dict[int, bytes]:
    """The widget, its structure element and its empty appearance."""
    label = text_string(field.label)
    size = (number(field.place.w), number(field.place.h))
    return {
        widget: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(%b)/TU%b/F 132/Rect%b/P %d 0 R/StructParent %d"
        b"/AP<</N %d 0 R>>>>" % (field.name.encode(), label, field.place.rectangle, page, key, widget + 2),
        widget + 1: b"<</Type/StructElem/S/Form/P %d 0 R/Alt%b/K<</Type/OBJR/Pg %d 0 R/Obj %d 0 R>>>>"
        % (document, label, page, widget),
        widget
        + 2: b"<</Type/XObject/Subtype/Form/BBox[0 0 %b %b]/Resources<<>>/Length 0>>\nstream\n\nendstream"
        % size,
    }


def _with_keys(tree: bytes, keys: bytes, next_key: int) -> bytes:
    tree, replaced = _NUMS.subn(lambda found: b"/ParentTree<</Nums[%b%b]>>" % (found[1], keys), tree)
    if replaced != 1:
        raise broken("cây cấu trúc không như mong đợi")
    return _NEXT_KEY.sub(b"/ParentTreeNextKey %d" % next_key, tree)


def _before(body: bytes, end: bytes, added: bytes) -> bytes:
    if not body.endswith(end):
        raise broken("đối tượng không như mong đợi")
    return body[: -len(end)] + added + end


def _references(numbers: Sequence[int]) -> bytes:
    return b" ".join(b"%d 0 R" % reference for reference in numbers)


def _only(pattern: re.Pattern[bytes], body: bytes) -> int:
    found = pattern.search(body)
    if found is None:
        raise broken("cây cấu trúc không như mong đợi")
    return int(found[1])
