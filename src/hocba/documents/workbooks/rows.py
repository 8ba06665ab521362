"""A row of a table, read field by field: every cell once, every flaw where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.documents.workbooks import cells
from hocba.documents.workbooks.opening import CellError
from hocba.documents.workbooks.values import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocba.documents.workbooks.cells import Slip
    from hocba.documents.workbooks.opening import CellValue
    from hocba.documents.workbooks.problems import Problems
    from hocba.documents.workbooks.tables import Table

NAME_LIMIT: Final = 150
TEXT_LIMIT: Final = 300
REMARK_LIMIT: Final = 1_000

_FORMULA: Final = ("=", "@")


class Row:
    """One row. Reading a field twice would report its flaws twice, so read each once and keep the value."""

    def __init__(self, table: Table, number: int, row: list[CellValue], problems: Problems) -> None:
        self.place = Place(file=table.file, sheet=table.sheet, row=number)
        self._table = table
        self._row = row
        self._problems = problems

    def header(self, field: str) -> str | None:
        """The header of a field's column; None when the table has no such column."""
        column = self._table.columns.get(field)
        return None if column is None else column.header

    def has(self, field: str) -> bool:
        """Whether the table has the column at all."""
        return field in self._table.columns

    def raw(self, field: str) -> CellValue:
        """The cell untouched; "" when there is none."""
        column = self._table.columns.get(field)
        if column is None or column.index >= len(self._row):
            return ""
        return self._row[column.index]

    def shown(self, field: str) -> str:
        """The cell as found, for a message."""
        return cells.as_found(self.raw(field))

    def note(self, code: str, field: str, **details: object) -> None:
        """Report a flaw of a cell."""
        shown = self.shown(field)
        self._problems.add(code, self.place, column=self.header(field), value=shown or None, **details)

    def text(self, field: str, *, limit: int = TEXT_LIMIT) -> str:
        """A text, normalised; "" when empty, too long or broken."""
        cell = self.raw(field)
        if not isinstance(cell, str):
            return self._digits(field, cell)
        text, slips = cells.clean(cell)
        if len(text) > limit:
            self.note("text_too_long", field, length=len(text), limit=limit)
            return ""
        self._note_all(field, slips)
        if text.startswith(_FORMULA):
            self.note("formula_text", field, first=text[0])
            return ""
        return text

    def code(self, field: str) -> str:
        """A code (identity of a pupil, a member of staff, a class): text or the digits of a number."""
        return self.text(field, limit=64)

    def date(self, field: str) -> str | None:
        """A date in ISO 8601, maybe partial; None when empty or none."""
        cell = self.raw(field)
        if isinstance(cell, CellError):
            self.note("cell_error", field)
            return None
        value, slips = cells.read_date(cell, self._table.serial_shift)
        self._note_all(field, slips)
        return value

    def count(self, field: str, *, invalid: str) -> int | None:
        """A whole number from 0; `invalid` is the kind of flaw to report for anything else."""
        cell = self.raw(field)
        if isinstance(cell, CellError):
            self.note("cell_error", field)
            return None
        value, slips = cells.read_count(cell)
        for slip in slips:
            self.note(invalid if slip.code == "number_invalid" else slip.code, field)
        return value

    def mark(self, field: str, *, scored: bool, subject: str) -> str | None:
        """A mark ("8.0") or a comment result ("D", "CD"); None when empty or none."""
        cell = self.raw(field)
        if isinstance(cell, CellError):
            self.note("cell_error", field)
            return None
        value, slips = cells.read_score(cell) if scored else cells.read_comment(cell)
        kind = "điểm số từ 0 đến 10" if scored else "nhận xét (Đ hoặc CĐ)"
        self._note_all(field, slips, subject=subject, kind=kind)
        return value

    def empty(self, field: str) -> bool:
        """Whether the cell holds nothing but blanks."""
        cell = self.raw(field)
        return isinstance(cell, str) and not cells.clean(cell)[0]

    def _digits(self, field: str, cell: CellValue) -> str:
        if isinstance(cell, CellError):
            self.note("cell_error", field)
            return ""
        return cells.read_digits(cell)[0]

    def _note_all(self, field: str, slips: tuple[Slip, ...], **details: object) -> None:
        for slip in slips:
            self.note(slip.code, field, meaning=slip.meaning.replace(".", ","), **details)


def rows_of(table: Table, problems: Problems) -> Iterator[Row]:
    """The rows of a table in their order."""
    return (Row(table, number, row, problems) for number, row in table.body)
