"""Where things stand on the form, in millimetres: read by the layout and by the signature fields.

The signature block rests on the bottom of the last page's text area, so every place is known without
asking the typesetter. The seal's circle has its right edge at one third of the principal's signature
image and the same middle line (Quy chế Điều 9.1; NĐ 30/2020 Phụ lục I).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PAGE_WIDTH: Final = 210.0
PAGE_HEIGHT: Final = 297.0
MARGINS: Final = {"left": 22.0, "right": 15.0, "top": 15.0, "bottom": 19.0}

TEXT_HEIGHT: Final = PAGE_HEIGHT - MARGINS["top"] - MARGINS["bottom"]
PAGES: Final = 5
"""Of the form, as long as no text overflows its page."""
SIGNATURE_LINE_SIZE: Final = 7.6
"""Points of the letters that say who signed a subject."""

POINTS_PER_MM: Final = 72 / 25.4

HOMEROOM_FIELD: Final = "GiaoVienChuNhiem"
PRINCIPAL_FIELD: Final = "NguoiDungDau"
SEAL_FIELD: Final = "CoQuan"
FIELD_ORDER: Final = (HOMEROOM_FIELD, PRINCIPAL_FIELD, SEAL_FIELD)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the signature block: millimetres from its left and top edge."""

    x: float
    y: float
    w: float
    h: float


BLOCK_HEIGHT: Final = 62.0
NAMES_AT: Final = 56.5
HOMEROOM_COLUMN: Final = Box(0, 6, 70, 54)
PRINCIPAL_COLUMN: Final = Box(97, 6, 76, 54)

_IMAGE_WIDTH, _IMAGE_HEIGHT, _IMAGE_TOP = 54.0, 26.0, 18.0
SEAL_DIAMETER: Final = 32.0
# Room for the organisation's name and the time under the circle, and as much above it: the middle stays.
_SEAL_TEXT = 8.5


COPY_MARK: Final = Box(PAGE_WIDTH - 95, 4, 85, 18)
"""On the first page of a copy in electronic form: its upper right corner, from the edges of the page."""


def _centred(column: Box) -> Box:
    return Box(column.x + (column.w - _IMAGE_WIDTH) / 2, _IMAGE_TOP, _IMAGE_WIDTH, _IMAGE_HEIGHT)


def _over_left_third(image: Box) -> Box:
    height = SEAL_DIAMETER + 2 * _SEAL_TEXT
    return Box(image.x + image.w / 3 - SEAL_DIAMETER, image.y + (image.h - height) / 2, SEAL_DIAMETER, height)


SIGNATURE_BOXES: Final = {
    HOMEROOM_FIELD: _centred(HOMEROOM_COLUMN),
    PRINCIPAL_FIELD: _centred(PRINCIPAL_COLUMN),
    SEAL_FIELD: _over_left_third(_centred(PRINCIPAL_COLUMN)),
}


def rectangle(box: Box) -> tuple[float, float, float, float]:
    """(x, y, w, h) of a signature box in PDF points, y upwards from the bottom of the page."""
    top = PAGE_HEIGHT - MARGINS["bottom"] - BLOCK_HEIGHT + box.y
    millimetres = (MARGINS["left"] + box.x, PAGE_HEIGHT - top - box.h, box.w, box.h)
    x, y, w, h = (round(length * POINTS_PER_MM, 2) for length in millimetres)
    return x, y, w, h


def copy_rectangle() -> tuple[float, float, float, float]:
    """(x, y, w, h) of the mark of an electronic copy in PDF points, y upwards from the bottom of the page."""
    box = COPY_MARK
    x, y, w, h = (
        round(length * POINTS_PER_MM, 2) for length in (box.x, PAGE_HEIGHT - box.y - box.h, box.w, box.h)
    )
    return x, y, w, h


def layout_numbers() -> dict[str, object]:
    """The same numbers as the Typst layout wants them."""
    return {
        "height": BLOCK_HEIGHT,
        "names": NAMES_AT,
        "signature_size": SIGNATURE_LINE_SIZE,
        "homeroom_column": {"x": HOMEROOM_COLUMN.x, "w": HOMEROOM_COLUMN.w},
        "principal_column": {"x": PRINCIPAL_COLUMN.x, "w": PRINCIPAL_COLUMN.w},
    }
