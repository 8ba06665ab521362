"""The list of pupils as the other tables use it: who is known, in which class, and who is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents.workbooks import cells, titles
from hocba.documents.workbooks.rows import NAME_LIMIT
from hocba.documents.workbooks.values import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hocba.documents.workbooks.problems import Problems
    from hocba.documents.workbooks.rows import Row
    from hocba.documents.workbooks.tables import Table
    from hocba.documents.workbooks.values import PupilRow


class Roster:
    """Pupils by code and by class; a repeated code stands for its first row."""

    def __init__(self, pupils: Iterable[PupilRow]) -> None:
        self._by_code: dict[str, PupilRow] = {}
        self._without_zeros: dict[str, PupilRow] = {}
        self._classes: dict[str, list[PupilRow]] = {}
        self.class_names: dict[str, str] = {}
        for pupil in pupils:
            if pupil.code:
                self._by_code.setdefault(pupil.code, pupil)
                self._without_zeros.setdefault(pupil.code.lstrip("0"), pupil)
            if pupil.class_name:
                key = titles.class_key(pupil.class_name)
                self.class_names.setdefault(key, pupil.class_name)
                self._classes.setdefault(key, []).append(pupil)

    def in_class(self, class_name: str) -> Sequence[PupilRow]:
        """The pupils of a class in the order of the list."""
        return self._classes.get(titles.class_key(class_name), ())

    def class_of(self, code: str) -> str | None:
        """The class of the pupil with this code."""
        pupil = self._by_code.get(code)
        return None if pupil is None else pupil.class_name

    def find(self, row: Row) -> PupilRow | None:
        """The pupil whose code a row gives; reports a code that is missing, unknown or lost its zeros."""
        code = row.code("code")
        if not code:
            if row.has("code") and row.empty("code"):
                row.note("code_missing", "code")
            return None
        pupil = self._by_code.get(code)
        if pupil is None:
            pupil = None if code.startswith("0") else self._without_zeros.get(code)
            if pupil is None:
                row.note("pupil_unknown", "code")
            else:
                row.note("pupil_code_lost_zero", "code", expected=pupil.code)
        return pupil


class Attendance:
    """Which pupils of a class a table has named; finds strangers, repetitions and the missing."""

    def __init__(self, roster: Roster, table: Table, class_name: str | None, problems: Problems) -> None:
        self._roster = roster
        self._table = table
        self._class_name = class_name
        self._problems = problems
        self._seen: dict[str, int | None] = {}
        self._nameless: list[str] = []

    def admit(self, row: Row) -> tuple[PupilRow | None, str]:
        """The pupil of a row and the name written there; None when the row cannot be used (reported)."""
        pupil = self._roster.find(row)
        name = row.text("name", limit=NAME_LIMIT)
        if pupil is None:
            self._nameless.append(name.casefold())
            return None, name
        if pupil.code in self._seen:
            row.note("pupil_repeated", "code", row=self._seen[pupil.code])
            return None, name
        self._seen[pupil.code] = row.place.row
        if name.casefold() != pupil.name.casefold() and row.has("name") and pupil.name:
            row.note("name_mismatch", "name", expected=pupil.name)
        if self._is_stranger(pupil):
            row.note("pupil_other_class", "code", name=pupil.name, expected=pupil.class_name)
            return None, name
        return pupil, name

    def _is_stranger(self, pupil: PupilRow) -> bool:
        if self._class_name is None or not pupil.class_name:
            return False
        return titles.class_key(pupil.class_name) != titles.class_key(self._class_name)

    def compare_birth_date(self, row: Row, pupil: PupilRow) -> str | None:
        """Read the birth date of a row and compare it with that of the list."""
        value = row.date("birth_date")
        if value is not None and pupil.birth_date is not None and value != pupil.birth_date:
            row.note(
                "birth_date_mismatch",
                "birth_date",
                expected=cells.show_date(pupil.birth_date),
                found=cells.show_date(value),
            )
        return value

    def report_missing(self) -> None:
        """Report attending pupils of the class that no row named, by code or (code unreadable) by name."""
        code = self._table.columns.get("code")
        if self._class_name is None or code is None:
            return
        place = Place(file=self._table.file, sheet=self._table.sheet)
        for pupil in self._roster.in_class(self._class_name):
            if not pupil.attending or not pupil.code or pupil.code in self._seen:
                continue
            if pupil.name.casefold() in self._nameless:
                self._nameless.remove(pupil.name.casefold())
                continue
            self._problems.add("pupil_missing", place, column=code.header, value=pupil.code, name=pupil.name)
