"""How far apart the rows of a table stand, so that the places to sign do not end up alone on a page.

An estimate only: being wrong costs looks, never text, since the typesetter breaks pages where they are full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.documents import lettering
from hocba.documents.forms import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocba.documents.forms.tables import Table

LEAST: Final = 0.75  # millimetres above and below the text of a row
_CAPITALS: Final = 0.66  # height of a line's letters, in letter sizes
_PITCH: Final = 1.08  # from line to line
_STEP, _STEPS = 0.1, 12
_TITLE, _LETTERHEAD, _LINE_OF_TEXT, _SIGNATURES, _DATED = 11.0, 17.0, 5.0, 42.0, 6.0


def padding(table: Table, line_counts: Sequence[int], *, head: float) -> float:
    """Millimetres above and below the text of every row.

    `line_counts` are the lines of each row, `head` the height of the table's head. What the table asks for is
    taken when it does, then closer rows down to `LEAST`, then wider ones.
    """
    usual = max(LEAST, (table.row_height - _CAPITALS * table.size * lettering.MM_PER_POINT) / 2)
    if not table.signatures or not line_counts:
        return usual
    closer = [usual - _STEP * step for step in range(1, _STEPS) if usual - _STEP * step >= LEAST]
    wider = [usual + _STEP * step for step in range(1, _STEPS)]
    fits_one = next(
        (pad for pad in (usual, *closer) if _pages(table, line_counts, head, pad) == (1, True)), None
    )
    if fits_one is not None:
        return fits_one
    return next((pad for pad in (usual, *closer, *wider) if _pages(table, line_counts, head, pad)[1]), usual)


def head_height(table: Table, column_widths: Sequence[float], turned: float) -> float:
    """About how high the head is, in millimetres; `turned` is the height of the labels written upwards."""
    size = table.head_size
    needs = [0.0] * tables.head_depth(table)
    for head in tables.head_cells(table):
        wide = sum(column_widths[head.column : head.column + head.columns]) - 2 * table.inset
        lines = lettering.lines(lettering.fitted(head.text, wide, size, bold=True), wide, size, bold=True)
        text = turned if head.turned else (_CAPITALS + (lines - 1) * _PITCH) * size * lettering.MM_PER_POINT
        last = head.row + head.rows - 1
        needs[last] = max(needs[last], text + 2 * tables.INSET - sum(needs[head.row : last]))
    return sum(needs)


def _pages(table: Table, line_counts: Sequence[int], head: float, pad: float) -> tuple[int, bool]:
    """On how many pages the rows stand, and whether the last has room for the places to sign."""
    height = tables.PAGE[not table.landscape] - tables.MARGINS["top"] - tables.MARGINS["bottom"]
    used, pages = _above(table) + head, 1
    unit = table.size * lettering.MM_PER_POINT
    for count in line_counts:
        row = (_CAPITALS + (count - 1) * _PITCH) * unit + 2 * pad
        if used + row > height:
            used, pages = head, pages + 1
        used += row
    return pages, used + _below(table) <= height


def _above(table: Table) -> float:
    letterhead = _LETTERHEAD if table.letterhead else 0
    return _TITLE + letterhead + _LINE_OF_TEXT * len(table.facts)


def _below(table: Table) -> float:
    notes = sum(
        lettering.lines(note, tables.room(landscape=table.landscape), 9.5) * _LINE_OF_TEXT
        for note in table.notes
    )
    lines_of_places = -(-len(table.signatures) // tables.SIGNATURES_IN_A_LINE)
    return notes + _SIGNATURES * lines_of_places + (_DATED if table.dated else 0)
