"""Class summaries: conduct of both terms, absences, remark of the homeroom teacher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.documents.workbooks.roster import Attendance, Roster
from hocba.documents.workbooks.rows import REMARK_LIMIT, rows_of
from hocba.documents.workbooks.values import SummaryRow
from hocba.regulations.code_lists import plain

if TYPE_CHECKING:
    from hocba.documents.workbooks.problems import Problems
    from hocba.documents.workbooks.rows import Row
    from hocba.documents.workbooks.tables import Table

# More days than a school year has lessons: certainly a slip of the keyboard.
MOST_ABSENCES: Final = 300

_LEVELS: Final = {"tot": "TOT", "t": "TOT", "kha": "KHA", "k": "KHA", "dat": "DAT", "d": "DAT",
                  "chuadat": "CHUA_DAT", "cd": "CHUA_DAT"}  # fmt: skip


def read_summary(
    table: Table, class_name: str | None, roster: Roster, problems: Problems
) -> list[SummaryRow]:
    """Read a class summary; every row is checked even when its pupil is unknown."""
    attendance = Attendance(roster, table, class_name, problems)
    found = []
    for row in rows_of(table, problems):
        pupil, name = attendance.admit(row)
        who = pupil.name if pupil else name or "học sinh"
        conduct1, conduct2 = _conduct(row, "conduct1", who), _conduct(row, "conduct2", who)
        excused, unexcused = _absences(row, "excused", who), _absences(row, "unexcused", who)
        remark = row.text("remark", limit=REMARK_LIMIT)
        if pupil is not None:
            found.append(
                SummaryRow(
                    source=row.place,
                    class_name=class_name or pupil.class_name,
                    pupil_code=pupil.code,
                    name=name,
                    conduct_term1=conduct1,
                    conduct_term2=conduct2,
                    absences_excused=excused,
                    absences_unexcused=unexcused,
                    homeroom_remark=remark,
                )
            )
    attendance.report_missing()
    return found


def _conduct(row: Row, field: str, who: str) -> str | None:
    text = row.text(field)
    if not text:
        if row.has(field) and row.empty(field):
            row.note("conduct_missing", field, name=who)
        return None
    level = _LEVELS.get(plain(text))
    if level is None:
        row.note("conduct_unknown", field)
    return level


def _absences(row: Row, field: str, who: str) -> int | None:
    value = row.count(field, invalid="absences_invalid")
    if value is None:
        if row.has(field) and row.empty(field):
            row.note("absences_missing", field, name=who)
        return None
    if value > MOST_ABSENCES:
        row.note("absences_invalid", field)
        return None
    return value
