"""Summaries of educational results of tiểu học: levels, tests, qualities, competences (TT 27/2020)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hocba.documents.workbooks import titles
from hocba.documents.workbooks.missing import MissingMarks
from hocba.documents.workbooks.roster import Attendance, Roster
from hocba.documents.workbooks.rows import REMARK_LIMIT, TEXT_LIMIT, rows_of
from hocba.documents.workbooks.summaries import MOST_ABSENCES
from hocba.documents.workbooks.values import Place, PrimaryRow, PrimarySubject
from hocba.regulations import curriculum
from hocba.regulations.circular27 import rules
from hocba.regulations.code_lists import plain

if TYPE_CHECKING:
    from hocba.documents.workbooks.problems import Problems
    from hocba.documents.workbooks.rows import Row
    from hocba.documents.workbooks.tables import Table
    from hocba.regulations.curriculum import Subject

_LEVELS: Final = {"t": "T", "hoanthanhtot": "T", "h": "H", "hoanthanh": "H", "c": "C", "chuahoanthanh": "C"}
_TRAIT_LEVELS: Final = {"t": "T", "tot": "T", "d": "D", "dat": "D", "c": "C", "cancogang": "C"}
_OVERALL: Final = {plain(shown): code for code, shown in zip(rules.OVERALL, rules.OVERALL_SHOWN, strict=True)}
_TIMES: Final = (
    (re.compile(r"giua\s*(?:hoc\s*k[iy]|hk)[\s_]*(?:i|1)\b"), 0),
    (re.compile(r"cuoi\s*(?:hoc\s*k[iy]|hk)[\s_]*(?:i|1)\b"), 1),
    (re.compile(r"giua\s*(?:hoc\s*k[iy]|hk)[\s_]*(?:ii|2)\b"), 2),
    (re.compile(r"cuoi\s*(?:nam|(?:hoc\s*k[iy]|hk)[\s_]*(?:ii|2)\b)"), 3),
)


def time_of_table(table: Table, problems: Problems) -> int | None:
    """Which of the four times of the year a sheet is about, from its name or title; None is reported."""
    place = Place(file=table.file, sheet=table.sheet)
    by_name = _time_in(table.sheet)
    by_title = next((time for time in map(_time_in, table.titles) if time is not None), None)
    if by_name is None and by_title is None:
        problems.add("time_unknown", place, value=table.sheet)
        return None
    if by_name is not None and by_title is not None and by_name != by_title:
        value, expected = rules.TIMES[by_title], rules.TIMES[by_name]
        problems.add("title_mismatch", place, value=value, where="tên trang tính", expected=expected)
    return by_title if by_name is None else by_name


def _time_in(text: str) -> int | None:
    flat = titles.flat(text)
    return next((time for pattern, time in _TIMES if pattern.search(flat)), None)


def read_primary(
    table: Table, class_name: str | None, time: int, roster: Roster, problems: Problems
) -> list[PrimaryRow]:
    """Read a summary of one class at one time of the year."""
    reader = _PrimarySheet(table, titles.grade_of(class_name or "") or 5, time, problems)
    attendance = Attendance(roster, table, class_name, problems)
    reader.check_columns()
    found = []
    for row in rows_of(table, problems):
        pupil, name = attendance.admit(row)
        if pupil is not None:
            attendance.compare_birth_date(row, pupil)
        values = reader.row(row, "" if pupil is None or not pupil.attending else pupil.name)
        if pupil is not None:
            found.append(
                PrimaryRow(
                    source=row.place,
                    class_name=class_name or pupil.class_name,
                    time=time,
                    pupil_code=pupil.code,
                    name=name,
                    subjects=values[0],
                    traits=values[1],
                    overall=_overall(row),
                    completed=_tick(row, "completed"),
                    promoted=_tick(row, "promoted"),
                    award=row.text("award"),
                    absences_excused=_absences(row, "excused"),
                    absences_unexcused=_absences(row, "unexcused"),
                    remark=row.text("remark", limit=REMARK_LIMIT),
                )
            )
    attendance.report_missing()
    reader.missing.report()
    return found


class _PrimarySheet:
    """Reads the levels and tests of the rows of one sheet."""

    def __init__(self, table: Table, grade: int, time: int, problems: Problems) -> None:
        self._table = table
        self._problems = problems
        self._time = time
        self._grade = grade
        self._subjects = [
            subject
            for subject in curriculum.subjects_for("TIEUHOC", grade)
            if subject.group_in(grade) == "compulsory" or f"level:{subject.code}" in table.columns
        ]
        self._traits = rules.qualities() | rules.competences(grade)
        self.missing = MissingMarks(table, problems)

    def check_columns(self) -> None:
        """Report columns of subjects, tests and traits of the grade that are not there."""
        place = Place(file=self._table.file, sheet=self._table.sheet)
        for field, label in self._wanted().items():
            if field not in self._table.columns:
                what = "tổng hợp kết quả đánh giá giáo dục"
                self._problems.add("column_missing", place, column=label, what=what)

    def _wanted(self) -> dict[str, str]:
        wanted = {f"level:{subject.code}": f"{subject.name} Mức đạt được" for subject in self._subjects}
        for subject in self._subjects:
            if self._tested(subject):
                wanted[f"test:{subject.code}"] = f"{subject.name} Điểm KTĐK"
        return wanted | {f"trait:{code}": name for code, name in self._traits.items()}

    def _tested(self, subject: Subject) -> bool:
        return self._time in rules.tests_of(self._grade).get(subject.code, ())

    def row(
        self, row: Row, expected_of: str
    ) -> tuple[tuple[PrimarySubject, ...], tuple[tuple[str, str | None], ...]]:
        """Subjects and traits of a row; `expected_of` names the pupil when missing levels are reported."""
        for field in self._wanted():
            if row.has(field) and not row.empty(field):
                self.missing.filled(field)
            elif row.has(field) and expected_of:
                self.missing.missing(field, row, expected_of)
        subjects = tuple(
            PrimarySubject(
                code=subject.code,
                level=_level(row, f"level:{subject.code}", _LEVELS, "T, H hoặc C"),
                test=self._test(row, subject),
                remark=row.text(f"remark:{subject.code}", limit=TEXT_LIMIT),
            )
            for subject in self._subjects
        )
        traits = tuple(
            (code, _level(row, f"trait:{code}", _TRAIT_LEVELS, "T, Đ hoặc C")) for code in self._traits
        )
        return subjects, traits

    def _test(self, row: Row, subject: Subject) -> str | None:
        field = f"test:{subject.code}"
        if not row.has(field) or row.empty(field):
            return None
        mark = row.mark(field, scored=True, subject=subject.name)
        if mark is None:
            return None
        if not mark.endswith(".0"):
            row.note("test_mark_invalid", field)
            return None
        if not self._tested(subject):
            row.note("test_not_held", field, subject=subject.name)
            return None
        return mark.removesuffix(".0")


def _level(row: Row, field: str, levels: dict[str, str], shown: str) -> str | None:
    text = row.text(field)
    if not text:
        return None
    level = levels.get(plain(text))
    if level is None:
        row.note("level_unknown", field, levels=shown)
    return level


def _overall(row: Row) -> str | None:
    text = row.text("overall")
    if not text:
        return None
    level = _OVERALL.get(plain(text))
    if level is None:
        row.note("overall_unknown", "overall")
    return level


def _tick(row: Row, field: str) -> bool | None:
    """A cell ticked with "x"; None when the table has no such column."""
    if not row.has(field):
        return None
    text = row.text(field)
    if text and plain(text) not in ("x", "co", "1", "dat"):
        row.note("tick_unknown", field)
        return None
    return bool(text)


def _absences(row: Row, field: str) -> int | None:
    value = row.count(field, invalid="absences_invalid")
    if value is not None and value > MOST_ABSENCES:
        row.note("absences_invalid", field)
        return None
    return value
