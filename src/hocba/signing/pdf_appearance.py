"""What a signature looks like: one page of a PDF made into a form that a signature's increment carries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hocba.signing import pdf_structure
from hocba.signing.pdf_fields import number, page_numbers
from hocba.signing.pdf_structure import broken

if TYPE_CHECKING:
    from hocba.signing.pdf_structure import PdfFile

_PAGE_BOX = re.compile(rb"/MediaBox\[0 0 ([0-9.]{1,12}) ([0-9.]{1,12})\]")
_PAGE_RESOURCES = re.compile(rb"/Resources (\d{1,6}) 0 R")
_PAGE_CONTENTS = re.compile(rb"/Contents (\d{1,6}) 0 R")
_REFERENCE = re.compile(rb"\b(\d{1,6}) 0 R\b")
_STREAM: Final = b">>\nstream\n"
_TOLERANCE = 0.5  # points between the page and the field's rectangle
_MOST_OBJECTS = 200


@dataclass(frozen=True, slots=True)
class _Piece:
    """An object with its references cut out: text, reference, text, …, and its stream if it has one."""

    texts: tuple[bytes, ...]
    references: tuple[int, ...]
    stream: bytes

    def numbered(self, first: int) -> bytes:
        """The object's body when the pieces are numbered from `first`."""
        parts = [self.texts[0]]
        for reference, text in zip(self.references, self.texts[1:], strict=True):
            parts += (b"%d 0 R" % (first + reference), text)
        return b"".join(parts) + self.stream


@dataclass(frozen=True, slots=True)
class Appearance:
    """A picture of a signature, `width` by `height` PDF points, ready to be put into any file."""

    width: float
    height: float
    _pieces: tuple[_Piece, ...]

    @classmethod
    def from_pdf(cls, pdf: bytes) -> Appearance:
        """Take the only page of a PDF by Typst; raises UnreadableError when it is not such a file."""
        file = pdf_structure.read(pdf)
        pages = page_numbers(file)
        page = file.body(pages[0])
        box = _PAGE_BOX.search(page)
        if len(pages) != 1 or box is None:
            raise broken("hình chữ ký phải có đúng một trang")
        width, height = float(box[1]), float(box[2])
        numbers, bodies = _closure(file, _only(_PAGE_RESOURCES, page))
        form = _form(file.body(_only(_PAGE_CONTENTS, page)), bodies[0], width, height)
        renumbered = {old: index for index, old in enumerate(numbers)}
        return cls(width, height, tuple(_piece(body, renumbered) for body in (form, *bodies[1:])))

    def objects(self, first: int) -> dict[int, bytes]:
        """Objects by number, counted from `first`, which is the form itself."""
        return {first + index: piece.numbered(first) for index, piece in enumerate(self._pieces)}

    def fits(self, width: float, height: float) -> bool:
        """Whether it has the size of a field."""
        return abs(self.width - width) <= _TOLERANCE and abs(self.height - height) <= _TOLERANCE

    def resized(self, width: float, height: float) -> Appearance:
        """The same picture with the exact box of a field (rounding of the typesetter taken away)."""
        exact = _box(width, height)
        form = self._pieces[0]
        texts = (_box_pattern.sub(exact, form.texts[0], count=1), *form.texts[1:])
        return Appearance(width, height, (_Piece(texts, form.references, form.stream), *self._pieces[1:]))


_box_pattern = re.compile(rb"/BBox\[0 0 [0-9.]+ [0-9.]+\]")


def _box(width: float, height: float) -> bytes:
    return b"/BBox[0 0 %b %b]" % (number(width), number(height))


def _form(contents: bytes, resources: bytes, width: float, height: float) -> bytes:
    head, mark, stream = contents.partition(_STREAM)
    if not mark or not head.startswith(b"<<"):
        raise broken("hình chữ ký không đọc được")
    return b"<</Type/XObject/Subtype/Form%b/Resources%b%b%b%b" % (
        _box(width, height),
        resources,
        head[2:],
        mark,
        stream,
    )


def _closure(file: PdfFile, start: int) -> tuple[list[int], list[bytes]]:
    """Numbers and bodies of everything reachable from an object, that object first."""
    numbers, bodies = [start], [file.body(start)]
    for body in bodies:
        for reference in map(int, _REFERENCE.findall(body.partition(_STREAM)[0])):
            if reference not in numbers:
                numbers.append(reference)
                bodies.append(file.body(reference))
        if len(numbers) > _MOST_OBJECTS:
            raise broken("hình chữ ký quá phức tạp")
    return numbers, bodies


def _piece(body: bytes, renumbered: dict[int, int]) -> _Piece:
    head, mark, stream = body.partition(_STREAM)
    parts = _REFERENCE.split(head)
    references = tuple(renumbered[int(reference)] for reference in parts[1::2])
    return _Piece(tuple(parts[0::2]), references, mark + stream)


def _only(pattern: re.Pattern[bytes], body: bytes) -> int:
    found = pattern.search(body)
    if found is None:
        raise broken("hình chữ ký không đọc được")
    return int(found[1])
