"""How high the rows of the form are, known before they are set.

The typesetter sets a cell twice when it has to find out the height of its row, and tables are most of its work.
The numbers here are never less than in print, so that no text leaves its cell.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from hocba.documents import lettering

if TYPE_CHECKING:
    from collections.abc import Sequence

_CAPITALS: Final = 0.66  # height of a line's letters in letter sizes, without the space to the next line
_BREAK: Final = "\u200b"


class Piece(NamedTuple):
    """A text in letters of `size` points that starts on a line of its own."""

    text: str
    size: float


def fits(text: str, size: float, room: float) -> bool:
    """Whether a text takes no more than one line of `room` millimetres."""
    return _lines(text, room / size) == 1


def height(pieces: Sequence[Piece], room: float, leading: float) -> float | None:
    """Millimetres that texts below each other take in a column of `room` millimetres.

    `leading` is the space between two lines in points. None when a word is wider than the column: where it breaks
    is the typesetter's business.
    """
    total = -leading
    for text, size in pieces:
        count = _lines(text, room / size)
        if count is None:
            return None
        total += count * (size * _CAPITALS + leading)
    return total * lettering.MM_PER_POINT


def row_height(cells: Sequence[float | None], space: float) -> float | None:
    """The height of a row whose texts have these heights; None when the typesetter has to find it."""
    known = [cell for cell in cells if cell is not None]
    return round(max(known) + 2 * space, 2) if len(known) == len(cells) else None


def _lines(text: str, room: float) -> int | None:
    """Lines of a text in letters of one point; the typesetter, too, fills each line as far as words go."""
    count = 0
    space = _width(" ")
    for line in text.split("\n"):
        count, used = count + 1, -space
        for word in line.split(" "):
            wide = _width(word)
            if wide > room or _BREAK in word:
                return None
            used += space + wide
            if used > room:
                count, used = count + 1, wide
    return count


@lru_cache(maxsize=8192)
def _width(text: str) -> float:
    """Millimetres in letters of one point; kept, since the words of remarks are always the same."""
    return lettering.width(text, 1.0)
