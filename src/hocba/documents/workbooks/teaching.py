"""Who teaches what, and who is the homeroom teacher of which class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents.workbooks import titles
from hocba.documents.workbooks.rows import rows_of
from hocba.documents.workbooks.values import AssignmentRow, HomeroomRow
from hocba.regulations import code_lists, curriculum
from hocba.regulations.names import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocba.documents.workbooks.problems import Problems
    from hocba.documents.workbooks.rows import Row
    from hocba.documents.workbooks.tables import Table
    from hocba.documents.workbooks.values import StaffRow


class Known:
    """What the lists say exists: staff by code, and the classes by their key."""

    def __init__(self, staff: Mapping[str, StaffRow] | None, classes: Mapping[str, str] | None) -> None:
        """None means that the list itself is missing: then nothing is unknown for that reason alone."""
        self.staff = staff
        self.classes = classes

    def class_name(self, row: Row) -> str:
        """The class a row names, spelled as in the list of pupils; "" when unknown (reported)."""
        text = row.code("class")
        if not text:
            if row.has("class") and row.empty("class"):
                row.note("value_missing", "class")
            return ""
        if self.classes is None:
            return text
        found = self.classes.get(titles.class_key(text))
        if found is None:
            row.note("class_unknown", "class")
        return found or ""

    def teacher(self, row: Row) -> tuple[str, str]:
        """Code and name of the teacher a row names; the code is "" when unknown (reported)."""
        code = row.code("staff_code")
        name = row.text("staff_name")
        if not code:
            if row.has("staff_code") and row.empty("staff_code"):
                row.note("code_missing", "staff_code")
            return "", name
        if self.staff is None:
            return code, name
        member = self.staff.get(code)
        if member is None:
            row.note("staff_unknown", "staff_code")
            return "", name
        if name and normalise(name).casefold() != member.name.casefold():
            row.note("staff_name_mismatch", "staff_name", staff_code=code, expected=member.name)
        state = code_lists.staff_state(member.status)
        if state is not None and not state.working:
            row.note("staff_not_working", "staff_code", name=member.name, status=member.status)
        return code, member.name


@dataclass(frozen=True, slots=True)
class Mention:
    """A row that could not be understood whole: what it may have meant (None: anything)."""

    class_name: str | None
    subject_code: str | None = None
    term: int | None = None

    def may_mean(self, class_name: str, subject_code: str | None = None, term: int | None = None) -> bool:
        """Whether the row may be the one that is missed elsewhere, so that nothing is reported twice."""
        return (
            self.class_name in (None, class_name)
            and self.subject_code in (None, subject_code)
            and self.term in (None, term)
        )


def read_assignments(
    table: Table, known: Known, problems: Problems
) -> tuple[list[AssignmentRow], list[Mention]]:
    """Read the assignments; rows with an unknown class, subject, term or teacher are reported, left out."""
    rows: list[AssignmentRow] = []
    mentions = []
    seen: dict[tuple[str, str, int, str], int | None] = {}
    for row in rows_of(table, problems):
        class_name = known.class_name(row)
        subject = _subject(row, class_name)
        term = _term(row)
        code, name = known.teacher(row)
        if not class_name or subject is None or term is None or not code:
            mentions.append(Mention(class_name or None, subject, term))
            continue
        key = (class_name, subject, term, code)
        if key in seen:
            row.note("assignment_duplicate", "class", row=seen[key])
            continue
        seen[key] = row.place.row
        rows.append(
            AssignmentRow(
                source=row.place,
                class_name=class_name,
                subject_code=subject,
                term=term,
                staff_code=code,
                staff_name=name,
            )
        )
    return rows, mentions


def read_homerooms(table: Table, known: Known, problems: Problems) -> tuple[list[HomeroomRow], list[Mention]]:
    """Read the homeroom teachers; a second one of the same class is reported and left out."""
    rows: list[HomeroomRow] = []
    mentions = []
    seen: dict[str, int | None] = {}
    for row in rows_of(table, problems):
        class_name = known.class_name(row)
        code, name = known.teacher(row)
        if not class_name or not code:
            mentions.append(Mention(class_name or None))
            continue
        if class_name in seen:
            row.note("homeroom_duplicate", "class", row=seen[class_name])
            continue
        seen[class_name] = row.place.row
        rows.append(HomeroomRow(source=row.place, class_name=class_name, staff_code=code, staff_name=name))
    return rows, mentions


def _subject(row: Row, class_name: str) -> str | None:
    text = row.text("subject")
    if not text:
        if row.has("subject") and row.empty("subject"):
            row.note("value_missing", "subject")
        return None
    grade = titles.grade_of(class_name)
    subject = curriculum.subject_by_name(text, None if grade is None else curriculum.level_of(grade))
    if subject is None:
        row.note("subject_unknown", "subject")
        return None
    return subject.code


def _term(row: Row) -> int | None:
    text = row.code("term")
    term = titles.term_of(text)
    if term is None and row.has("term"):
        if text:
            row.note("term_unknown", "term")
        elif row.empty("term"):
            row.note("value_missing", "term")
    return term
