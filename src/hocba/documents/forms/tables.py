"""A table of a form: its columns with grouped heads, its rows, what stands above and below it.

The same value is set as a PDF and written as a workbook, so both say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from hocba.documents import labels, lettering

Cell: TypeAlias = str | int | Decimal
"""A text as printed, a whole number, or a mark: "8,0" on paper, a number in a workbook."""

MARGINS: Final = {"left": 18.0, "right": 12.0, "top": 13.0, "bottom": 15.0}
PAGE: Final = (210.0, 297.0)
INSET: Final = 0.9
"""Millimetres between the rule and the text of a cell."""

SIGNATURES_IN_A_LINE: Final = 3
MOTTO: Final = ("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc")

_TURNED_HEIGHTS: Final = range(20, 74, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `head` names its groups first, its own label last; neighbours with a group share its cell.

    `width` is millimetres; a column with `share` takes that part of what the others leave. A `turned` label
    is written upwards.
    """

    head: tuple[str, ...]
    width: float = 0
    share: float = 0
    left: bool = False
    turned: bool = False
    bold: bool = False
    shaded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A place to sign: who, how ("(Kí, ghi rõ họ tên)"), and the name below, which may be empty."""

    title: str
    hint: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The head of an official list: superior authority (may be empty) and school, beside the national motto."""

    authority: str
    school: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its title. `name` is short: bookmark and tab of the workbook.

    `facts` are lines above the table, `notes` lines below it, `dated` the line of place and date, `empty` what
    is said instead of rows. `size` and `head_size` are in points, `row_height` the least height of a row and `inset`
    the room between rule and text in millimetres.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    facts: tuple[str, ...] = ()
    landscape: bool = False
    size: float = 9.5
    head_size: float = 8.5
    row_height: float = 4.9
    inset: float = INSET
    notes: tuple[str, ...] = ()
    dated: str = ""
    signatures: tuple[Signature, ...] = ()
    letterhead: Letterhead | None = None
    empty: str = ""


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One cell of the head: its place (row, column), how far it reaches, what it says."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    turned: bool


def mark(value: str | None) -> Cell:
    """The cell of a mark: a number for "8.0", "Đ" or "CĐ" for a comment result, empty for None."""
    if value is None:
        return ""
    return Decimal(value) if value[:1].isdigit() else labels.mark(value, short=True)


def shown(cell: Cell) -> str:
    """The cell as printed: marks with a decimal comma."""
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else str(cell)


def room(*, landscape: bool) -> float:
    """Millimetres between the margins."""
    return PAGE[landscape] - MARGINS["left"] - MARGINS["right"]


def widths(table: Table) -> list[float]:
    """The width of every column in millimetres; raises ValueError when the columns are too wide together."""
    fixed = sum(column.width for column in table.columns)
    shares = sum(column.share for column in table.columns)
    rest = room(landscape=table.landscape) - fixed
    if rest < -1e-6 or (shares and rest / shares < 1):
        raise ValueError(f"columns of {table.name!r} take {fixed} mm, which leaves {rest} mm for the others")
    return [column.width or rest * column.share / shares for column in table.columns]


def head_depth(table: Table) -> int:
    """How many rows the head has."""
    return max(len(column.head) for column in table.columns)


def head_cells(table: Table) -> list[HeadCell]:
    """The cells of the head: groups run over their columns, a short column runs down to the rows."""
    depth = head_depth(table)
    cells: list[HeadCell] = []
    for level in range(depth):
        index = 0
        while index < len(table.columns):
            column = table.columns[index]
            if level >= len(column.head):
                index += 1
                continue
            last = level == len(column.head) - 1
            reach = 1 if last else _reach(table.columns, index, level)
            rows = depth - level if last else 1
            cells.append(HeadCell(level, index, rows, reach, column.head[level], last and column.turned))
            index += reach
    return cells


def turned_height(table: Table, column_widths: list[float], size: float) -> float:
    """Millimetres that the labels written upwards need so that none is wider than its column."""
    turned = [
        (column.head[-1], column_widths[index]) for index, column in enumerate(table.columns) if column.turned
    ]
    line = size * lettering.LINE * lettering.MM_PER_POINT
    for height in _TURNED_HEIGHTS:
        if all(
            lettering.lines(lettering.fitted(text, height - 2, size, bold=True), height - 2, size, bold=True)
            * line
            <= wide - table.inset
            for text, wide in turned
        ):
            return float(height)
    return float(_TURNED_HEIGHTS[-1])


def _reach(columns: tuple[Column, ...], index: int, level: int) -> int:
    groups = columns[index].head[: level + 1]
    end = index
    while (
        end < len(columns) and columns[end].head[: level + 1] == groups and len(columns[end].head) > level + 1
    ):
        end += 1
    return end - index
