"""Marks that are not there: one problem for a cell, one for a column nobody has anything in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents.workbooks.values import Place

if TYPE_CHECKING:
    from hocba.documents.workbooks.problems import Problems
    from hocba.documents.workbooks.rows import Row
    from hocba.documents.workbooks.tables import Table


class MissingMarks:
    """Remembers empty cells of a table until it is known whether the whole column is empty."""

    def __init__(self, table: Table, problems: Problems) -> None:
        self._table = table
        self._problems = problems
        self._missing: dict[str, list[tuple[Row, str]]] = {}
        self._filled: set[str] = set()

    def filled(self, field: str) -> None:
        """A cell of this column holds something."""
        self._filled.add(field)

    def missing(self, field: str, row: Row, name: str) -> None:
        """A cell that should hold a mark of this pupil is empty."""
        self._missing.setdefault(field, []).append((row, name))

    def report(self) -> None:
        """Report what is missing, column by column."""
        place = Place(file=self._table.file, sheet=self._table.sheet)
        for field, cells in self._missing.items():
            if field not in self._filled:
                self._problems.add("mark_column_empty", place, column=self._table.columns[field].header)
                continue
            for row, name in cells:
                row.note("mark_missing", field, name=name)
