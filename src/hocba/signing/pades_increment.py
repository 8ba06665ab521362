"""The increment of one signature, laid out in exactly one way.

It may hold: the field with its value and picture, the signature, the picture's own objects, and, for the
signature that certifies, the catalogue with its permission. The signer writes it, the checker writes it again
from what it read and compares; nothing else can hide in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hocba.signing import pdf_structure
from hocba.signing.instants import VIETNAM
from hocba.signing.pdf_fields import text_string
from hocba.signing.pdf_structure import broken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocba.signing.pdf_structure import PdfFile

_RANGE_WIDTH: Final = 44
_RANGE_MARK: Final = b"/ByteRange"
_CONTENTS_MARK: Final = b"/Contents<"
_EMPTY_FIELD = re.compile(
    rb"<</Type/Annot/Subtype/Widget/FT/Sig/T\(([A-Za-z0-9]{1,40})\).*/AP<<(/N \d{1,6} 0 R)>>>>"
)
_FORM = re.compile(rb"/AcroForm (\d{1,6}) 0 R")
_FIELDS = re.compile(rb"/Fields\[([0-9R ]*)\]")
_RECTANGLE = re.compile(rb"/Rect\[([0-9.]+) ([0-9.]+) ([0-9.]+) ([0-9.]+)\]")
CERTIFIES: Final = (
    b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>>>]"
)


@dataclass(frozen=True, slots=True)
class EmptyField:
    """A field of a file that nobody has signed yet: its object number and body."""

    name: str
    widget: int
    body: bytes

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        found = _RECTANGLE.search(self.body)
        if found is None:
            raise broken("ô chữ ký không có vị trí")
        left, bottom, right, top = (float(corner) for corner in found.groups())
        return round(right - left, 2), round(top - bottom, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the signature says besides its CMS: signer's name as shown, claimed time, room for the CMS."""

    name: str
    signed_at: datetime
    certifies: bool
    reserved: int


@dataclass(frozen=True, slots=True)
class Laid:
    """An increment with room for the CMS; `contents` is the offset in the file of its first hex digit."""

    increment: bytearray
    contents: int
    byte_range: tuple[int, int, int, int]


def empty_fields(file: PdfFile) -> dict[str, EmptyField]:
    """The fields of the newest revision that are not signed, by name, in the form's order."""
    form = _FORM.search(file.body(file.last.root))
    listed = _FIELDS.search(file.body(int(form[1]))) if form else None
    if listed is None:
        raise broken("không có ô chữ ký")
    fields: dict[str, EmptyField] = {}
    for widget in map(int, re.findall(rb"(\d{1,6}) 0 R", listed[1])):
        body = file.body(widget)
        found = _EMPTY_FIELD.fullmatch(body)
        if found is not None:
            name = found[1].decode()
            fields[name] = EmptyField(name, widget, body)
    return fields


def pdf_time(instant: datetime) -> bytes:
    """A PDF date in Vietnamese time, whole seconds."""
    return f"D:{instant.astimezone(VIETNAM):%Y%m%d%H%M%S}+07'00'".encode()


def lay(file: PdfFile, field: EmptyField, claim: Claim, picture: Mapping[int, bytes]) -> Laid:
    """Lay out the increment that signs `field`; `picture` are its objects, numbered from size + 1."""
    signature = file.last.size
    objects = dict(picture)
    objects[field.widget] = _signed_field(field, signature)
    objects[signature] = _signature(claim)
    if claim.certifies:
        catalogue = file.body(file.last.root)
        objects[file.last.root] = catalogue[:-2] + b"/Perms<</DocMDP %d 0 R>>>>" % signature
    increment = bytearray(pdf_structure.increment(file.last, objects))
    return _with_range(increment, file.last.end, claim.reserved)


def _signed_field(field: EmptyField, signature: int) -> bytes:
    found = _EMPTY_FIELD.fullmatch(field.body)
    if found is None:
        raise broken("ô chữ ký đã được dùng")
    return field.body[: found.start(2)] + b"/N %d 0 R>>/V %d 0 R>>" % (signature + 1, signature)


def _signature(claim: Claim) -> bytes:
    return b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(%b)/Name%b%b%b%b%b%b>>>" % (
        pdf_time(claim.signed_at),
        text_string(claim.name),
        CERTIFIES if claim.certifies else b"",
        _RANGE_MARK,
        b" " * _RANGE_WIDTH,
        _CONTENTS_MARK,
        b"0" * (2 * claim.reserved),
    )


def _with_range(increment: bytearray, before: int, reserved: int) -> Laid:
    """Write the byte range: everything but the CMS in hexadecimal with its angle brackets."""
    mark = increment.index(_RANGE_MARK + b" " * _RANGE_WIDTH)
    range_at = mark + len(_RANGE_MARK)
    gap = range_at + _RANGE_WIDTH + len(_CONTENTS_MARK) - 1
    after = gap + 2 * reserved + 2
    numbers = (0, before + gap, before + after, len(increment) - after)
    text = b"[%d %d %d %d]" % numbers
    increment[range_at : range_at + _RANGE_WIDTH] = text.ljust(_RANGE_WIDTH)
    return Laid(increment, before + gap + 1, numbers)
