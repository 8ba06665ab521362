"""Finding the table in a sheet: its kind, its header (one to three rows, not the first) and its columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hocba.documents.workbooks.layouts import LAYOUTS, Kind, field_of
from hocba.regulations.code_lists import plain
from hocba.regulations.names import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hocba.documents.workbooks.opening import CellValue, Sheet

_DEEPEST_HEADER: Final = 40
_HEADER_ROWS: Final = 3
_CODE: Final = re.compile(r"(?=\D*\d)[^\s:]{1,30}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its index in the sheet and its header, blanks normalised."""

    index: int
    header: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table found in a sheet; `body` holds (row as Excel counts it, cells), `titles` what stands above."""

    file: str
    sheet: str
    kind: Kind
    columns: Mapping[str, Column]
    repeated: tuple[Column, ...]
    titles: tuple[str, ...]
    body: tuple[tuple[int, list[CellValue]], ...]
    serial_shift: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: Kind
    start: int
    depth: int
    columns: dict[str, Column]
    repeated: tuple[Column, ...]

    @property
    def complete(self) -> bool:
        return all(field in self.columns for field in LAYOUTS[self.kind].required)

    @property
    def rank(self) -> tuple[int, int, int]:
        telling = len(LAYOUTS[self.kind].telling & self.columns.keys())
        return (len(self.columns) + telling, -self.depth, -self.start)


def find_table(file: str, sheet: Sheet) -> Table | None:
    """Find the table of a sheet; None when no header of a known kind is there."""
    best: _Candidate | None = None
    for start in range(min(len(sheet.rows), _DEEPEST_HEADER)):
        for candidate in _candidates(sheet, start):
            if best is None or candidate.rank > best.rank:
                best = candidate
        # A window that begins above the header finds it too: look on until the header itself had its turn.
        if best is not None and best.complete and start >= best.start + best.depth - 1:
            break
    return None if best is None else _table(file, sheet, best)


def _candidates(sheet: Sheet, start: int) -> Iterator[_Candidate]:
    if not any(isinstance(cell, str) and cell for cell in sheet.rows[start]):
        return
    for depth in range(1, _HEADER_ROWS + 1):
        labels = _labels(sheet.rows[start : start + depth])
        for kind in Kind:
            candidate = _candidate(kind, start, depth, labels)
            if candidate is not None:
                yield candidate


def _labels(header: Sequence[list[CellValue]]) -> list[tuple[int, tuple[str, ...]]]:
    """For each column the texts above each other, outermost first; a group's text spreads to its right."""
    width = max((len(row) for row in header), default=0)
    texts = [[_text(row[index]) if index < len(row) else "" for index in range(width)] for row in header]
    labels = []
    for index in range(width):
        own = [row[index] for row in texts]
        lowest = max((level for level, text in enumerate(own) if text), default=-1)
        if lowest < 0:
            continue
        path = [text or _left_of(texts[level], index) for level, text in enumerate(own[: lowest + 1])]
        labels.append((index, tuple(text for text in path if text)))
    return labels


def _left_of(row: list[str], index: int) -> str:
    return next((text for text in reversed(row[:index]) if text), "")


def _text(cell: CellValue) -> str:
    if isinstance(cell, str):
        return normalise(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return ""


def _candidate(
    kind: Kind, start: int, depth: int, labels: list[tuple[int, tuple[str, ...]]]
) -> _Candidate | None:
    columns: dict[str, Column] = {}
    repeated = []
    for index, path in labels:
        tried = dict.fromkeys((path[-1], " ".join(path[-2:]), " ".join(path)))
        label = next((text for text in tried if field_of(kind, text)), path[-1])
        field = field_of(kind, label)
        if field is None:
            continue
        column = Column(index=index, header=label)
        if field in columns:
            repeated.append(column)
        else:
            columns[field] = column
    layout = LAYOUTS[kind]
    if len(layout.telling & columns.keys()) < layout.enough:
        return None
    return _Candidate(kind, start, depth, columns, tuple(repeated))


def _table(file: str, sheet: Sheet, found: _Candidate) -> Table:
    first = found.start + found.depth
    titles = tuple(_text(cell) for row in sheet.rows[: found.start] for cell in row if _text(cell))
    rows = [(number, row) for number, row in enumerate(sheet.rows[first:], start=first + 1)]
    return Table(
        file=file,
        sheet=sheet.name,
        kind=found.kind,
        columns=found.columns,
        repeated=found.repeated,
        titles=titles,
        body=tuple(_without_footer(rows, found.columns)),
        serial_shift=sheet.serial_shift,
    )


def _without_footer(
    rows: list[tuple[int, list[CellValue]]], columns: Mapping[str, Column]
) -> list[tuple[int, list[CellValue]]]:
    """Drop empty rows, a row of column numbers under the header, and lines of totals or signatures below."""
    key = columns.get("code") or columns.get("class") or next(iter(columns.values()))
    indexes = [column.index for column in columns.values()]
    filled = [(number, row, sum(_at(row, index) != "" for index in indexes)) for number, row in rows]
    last = max(
        (place for place, (_, row, count) in enumerate(filled) if count > 2 or _is_code(_at(row, key.index))),
        default=-1,
    )
    return [
        (number, row)
        for place, (number, row, count) in enumerate(filled)
        if count and place <= last and not (place == 0 and _is_numbering(row))
    ]


def _is_code(cell: CellValue) -> bool:
    """Whether a cell looks like a code or a class name rather than a line of text below the table."""
    text = _text(cell)
    return _CODE.fullmatch(text) is not None


def _is_numbering(row: list[CellValue]) -> bool:
    """A row like "(1) (2) (3)" or "1 2 3" or "A B 1 2" that only numbers the columns."""
    texts = [plain(_text(cell)) for cell in row if cell != ""]
    return len(texts) > 2 and all(len(text) <= 2 for text in texts) and len(set(texts)) == len(texts)


def _at(row: list[CellValue], index: int) -> CellValue:
    """A cell; blanks alone count as an empty cell only for finding the rows, not for reading them."""
    cell = row[index] if index < len(row) else ""
    return "" if isinstance(cell, str) and not cell.strip() else cell
