"""Rows of subjects with their remarks and who signed them, as far apart as a page allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from hocba.documents.pdf import heights, places, texts
from hocba.documents.pdf.heights import Piece

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hocba.documents.people import StaffMember

LEADING: Final = 4.5
"""Points between two lines of a row."""
NAME_SIZE: Final = 10.0
ROW_OF_ONE_PAGE: Final = 2000
"""A row is kept whole unless its remark is longer than this."""


class Row(Protocol):
    """What rows of all levels have."""

    @property
    def name(self) -> str:
        """Of the subject."""

    @property
    def remark(self) -> str:
        """Of the teachers."""

    @property
    def teachers(self) -> tuple[StaffMember, ...]:
        """Who must sign."""


def row(subject: Row, signatures: Sequence[tuple[str, datetime]]) -> dict[str, Any]:
    """Name and remark of a subject with a line for each signature."""
    lines = [f"{name} – đã ký số {texts.moment(at)}" for name, at in signatures]
    signed = {name for name, _ in signatures}
    lines += [f"Giáo viên: {person.name}" for person in subject.teachers if person.name not in signed]
    return {
        "name": texts.breakable(subject.name),
        "remark": texts.breakable(subject.remark),
        "size": 9.4 if len(subject.remark) <= 180 else 8.4,
        "long": len(subject.remark) > ROW_OF_ONE_PAGE,
        "signatures": [texts.breakable(line) for line in lines],
    }


def text_heights(made: Mapping[str, Any], name_room: float, remark_room: float) -> list[float | None]:
    """Of the name, and of the remark with its signatures, in columns of so many millimetres."""
    remark = [Piece(made["remark"], made["size"])]
    remark += [Piece(line, places.SIGNATURE_LINE_SIZE) for line in made["signatures"]]
    return [
        heights.height([Piece(made["name"], NAME_SIZE)], name_room, LEADING),
        heights.height(remark, remark_room, LEADING),
    ]


def taken(cells: Sequence[Sequence[float | None]]) -> float:
    """What the texts of rows take at least, without any space around them."""
    return sum(max((cell for cell in row if cell is not None), default=0.0) for row in cells)


def spread(
    rows: Sequence[dict[str, Any]],
    cells: Sequence[Sequence[float | None]],
    *,
    room: float,
    least: float = 1.0,
    most: float = 3.0,
) -> None:
    """Give each row its height, so that all of them fill `room` millimetres as far as is good to read."""
    space = min(most, max(least, (room - taken(cells)) / (2 * max(1, len(rows)))))
    for made, of_row in zip(rows, cells, strict=True):
        made["height"] = heights.row_height(of_row, space)
