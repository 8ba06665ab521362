"""Who teaches what the assignments of tiểu học leave out: there the homeroom teacher teaches the class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents.workbooks import titles
from hocba.documents.workbooks.values import AssignmentRow
from hocba.regulations import curriculum

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocba.documents.workbooks.values import HomeroomRow, SchoolData

LEVEL = "TIEUHOC"
TERMS = (1, 2)


def implied_assignments(data: SchoolData) -> tuple[AssignmentRow, ...]:
    """The assignments that follow from the homerooms: every subject of a class of tiểu học that nobody is named for.

    The subjects are the compulsory ones of the grade, and those of choice that the class has results in.
    """
    named = {(row.class_name, row.subject_code, row.term) for row in data.assignments}
    return tuple(
        row
        for homeroom in data.homerooms
        for row in _all_of(homeroom, data)
        if (row.class_name, row.subject_code, row.term) not in named
    )


def _all_of(homeroom: HomeroomRow, data: SchoolData) -> Iterator[AssignmentRow]:
    grade = titles.grade_of(homeroom.class_name)
    if grade is None or curriculum.level_of(grade) != LEVEL:
        return
    assessed = {
        subject.code
        for row in data.primary
        if row.class_name == homeroom.class_name
        for subject in row.subjects
        if subject.level is not None or subject.test is not None
    }
    for subject in curriculum.subjects_for(LEVEL, grade, data.school.school_year):
        if subject.group_in(grade) == "compulsory" or subject.code in assessed:
            for term in TERMS:
                yield AssignmentRow(
                    source=homeroom.source,
                    class_name=homeroom.class_name,
                    subject_code=subject.code,
                    term=term,
                    staff_code=homeroom.staff_code,
                    staff_name=homeroom.staff_name,
                )
