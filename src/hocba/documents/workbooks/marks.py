"""Mark sheets: one class, subject and term each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hocba.documents.workbooks.missing import MissingMarks
from hocba.documents.workbooks.roster import Attendance, Roster
from hocba.documents.workbooks.rows import REMARK_LIMIT, rows_of
from hocba.documents.workbooks.titles import grade_of
from hocba.documents.workbooks.values import MarkRow, Place
from hocba.regulations import curriculum
from hocba.regulations.errors import UnknownSubjectError

if TYPE_CHECKING:
    from hocba.documents.workbooks.problems import Problems
    from hocba.documents.workbooks.rows import Row
    from hocba.documents.workbooks.tables import Table
    from hocba.regulations.curriculum import Subject


TOPIC: Final = "topic"
"""The column of the chosen result of a cụm chuyên đề."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetIdentity:
    """What a mark sheet is about; the subject or the term is None when nothing says it (reported)."""

    class_name: str | None
    subject: Subject | None
    term: int | None


def read_marks(table: Table, identity: SheetIdentity, roster: Roster, problems: Problems) -> list[MarkRow]:
    """Read a mark sheet. Without a known subject the marks cannot be judged: then only the pupils are."""
    reader = _MarkSheet(table, identity, problems)
    attendance = Attendance(roster, table, identity.class_name, problems)
    found = []
    for row in rows_of(table, problems):
        pupil, name = attendance.admit(row)
        birth_date = row.date("birth_date") if pupil is None else attendance.compare_birth_date(row, pupil)
        marks = reader.marks(row, None if pupil is None or not pupil.attending else pupil.name)
        remark = row.text("remark", limit=REMARK_LIMIT)
        if pupil is not None and identity.subject is not None and identity.term is not None:
            found.append(
                MarkRow(
                    source=row.place,
                    class_name=identity.class_name or pupil.class_name,
                    subject_code=identity.subject.code,
                    term=identity.term,
                    pupil_code=pupil.code,
                    name=name,
                    birth_date=birth_date,
                    regular=reader.regular_marks(marks),
                    midterm=marks.get("midterm"),
                    final=marks.get("final"),
                    remark=remark,
                )
            )
    if taken_by_all(identity):
        attendance.report_missing()
    reader.report_missing()
    return found


def taken_by_all(identity: SheetIdentity) -> bool:
    """Whether every pupil of the class has the subject: those chosen by pupils are taken by some only."""
    grade = grade_of(identity.class_name or "")
    if grade is None or identity.subject is None:
        return True
    return identity.subject.group_in(grade) == "compulsory"


class _MarkSheet:
    """Reads the marks of the rows and remembers which are missing."""

    def __init__(self, table: Table, identity: SheetIdentity, problems: Problems) -> None:
        self._table = table
        self._problems = problems
        self._subject = identity.subject
        numbers = sorted(int(field[7:]) for field in table.columns if field.startswith("regular"))
        self.regular = tuple(f"regular{number}" for number in numbers)
        fields = (*self.regular, TOPIC, "midterm", "final")
        self._fields = tuple(field for field in fields if field in table.columns)
        self._required = _regular_required(identity)
        self._check_topic(identity)
        self._missing = MissingMarks(table, problems)

    def marks(self, row: Row, expected_of: str | None) -> dict[str, str | None]:
        """The marks of a row; `expected_of` is the pupil's name when missing marks are to be reported."""
        if self._subject is None:
            return {}
        scored = self._subject.kind == "score"
        marks = {field: row.mark(field, scored=scored, subject=self._subject.name) for field in self._fields}
        empty = [field for field in self._fields if row.empty(field)]
        for field in self._fields:
            if field not in empty:
                self._missing.filled(field)
        if expected_of is not None:
            for field in self._needed(empty):
                self._missing.missing(field, row, expected_of)
        return marks

    def regular_marks(self, marks: dict[str, str | None]) -> tuple[str | None, ...]:
        """The regular marks of a row; that of a cụm chuyên đề is one more, behind all that are required.

        TT 22/2021 Điều 6 khoản 2c.
        """
        regular = tuple(marks.get(field) for field in self.regular)
        topic = marks.get(TOPIC)
        if topic is None:
            return regular
        return (*regular, *[None] * (self._required - len(regular)), topic)

    def _check_topic(self, identity: SheetIdentity) -> None:
        """Only THPT has chuyên đề học tập."""
        grade = grade_of(identity.class_name or "")
        if TOPIC in self._fields and grade is not None and curriculum.level_of(grade) != "THPT":
            place = Place(file=self._table.file, sheet=self._table.sheet)
            self._problems.add("topic_unexpected", place, column=self._table.columns[TOPIC].header)

    def _needed(self, empty: list[str]) -> list[str]:
        """The empty cells that count as missing: periodic marks, and as many regular ones as are required."""
        empty = [field for field in empty if field != TOPIC]
        empty_regular = [field for field in empty if field in self.regular]
        filled = len(self.regular) - len(empty_regular)
        few = max(0, min(self._required, len(self.regular)) - filled)
        return empty_regular[:few] + [field for field in empty if field not in self.regular]

    def report_missing(self) -> None:
        """Report missing columns and marks."""
        place = Place(file=self._table.file, sheet=self._table.sheet)
        if self._subject is not None and 0 < len(self.regular) < self._required:
            self._problems.add("regular_marks_few", place, found=len(self.regular), expected=self._required)
        self._missing.report()


def _regular_required(identity: SheetIdentity) -> int:
    grade = grade_of(identity.class_name or "")
    if grade is None or identity.subject is None:
        return 0
    try:
        return curriculum.regular_marks_required(identity.subject.code, curriculum.level_of(grade), grade)
    except UnknownSubjectError:
        return 0
