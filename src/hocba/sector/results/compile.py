"""From reported rows and this side's own people to the sheet that goes back (kết chuyển, flow 1)."""

from __future__ import annotations

import uuid
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from hocba.documents.class_record import ClassIdentity, PupilMarks, SubjectSheet
from hocba.regulations import applicability, curriculum
from hocba.sector.assignments import queries as assignments
from hocba.sector.directory import queries as directory
from hocba.sector.enrolment import queries as enrolment
from hocba.sector.results.models import ReportedResult, ReportedSheet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocba.sector.enrolment.models import ClassGroup

NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "urn:hocba:sector:results")


def sheet_of(
    school_code: str, school_year: str, class_name: str, subject_code: str, term: int
) -> SubjectSheet | None:
    """The sheet as this database knows it, or None when nothing was reported.

    Pupils, their names and the teachers are this side's own; marks are as reported. A pupil of the class who takes
    the subject and has no report has an empty row, one who was reported and is not in the class or has not chosen
    the subject stands at the end: comparing shows both.
    """
    place = {
        "school_code": school_code,
        "school_year": school_year,
        "class_name": class_name,
        "subject_code": subject_code,
        "term": term,
    }
    sheet = ReportedSheet.objects.filter(**place).first()
    school = directory.school_of(school_code)
    group = enrolment.get_class(school_code, school_year, class_name)
    if sheet is None or school is None or group is None:
        return None
    level = curriculum.level_of(group.grade)
    subject = curriculum.subject(subject_code, level, school_year)
    return SubjectSheet(
        identity=ClassIdentity(
            id=str(uuid.uuid5(NAMES, ":".join(str(value) for value in place.values()))),
            version=sheet.version,
            school=school,
            school_year=school_year,
            class_name=class_name,
            grade=group.grade,
            regulation=applicability.regulation_for(level, group.grade, school_year) or "",
        ),
        subject_code=subject_code,
        subject_name=subject.name,
        kind=subject.kind,
        term=term,
        teachers=assignments.teachers_of(school_code, school_year, class_name, subject_code, term),
        rows=_rows(sheet, _takers(group, subject_code)),
    )


def _takers(group: ClassGroup, subject_code: str) -> list[enrolment.Attending]:
    """Who of the class takes the subject: everybody, or those who have chosen it."""
    attending = enrolment.attending_of(group.school_code, group.school_year, group.name)
    level = curriculum.level_of(group.grade)
    if not curriculum.is_chosen(subject_code, level, group.grade, group.school_year):
        return attending
    return [pupil for pupil in attending if subject_code in pupil.electives]


def _rows(sheet: ReportedSheet, attending: Iterable[enrolment.Attending]) -> tuple[PupilMarks, ...]:
    reported = {
        row["pupil_code"]: PupilMarks(**{**row, "regular": tuple(row["regular"])})
        for row in ReportedResult.objects.filter(sheet=sheet).order_by("position").values(*_COLUMNS)
    }
    own = []
    for pupil in attending:
        marks = reported.pop(pupil.code, _NOTHING)
        own.append(replace(marks, pupil_code=pupil.code, personal_id=pupil.personal_id, name=pupil.name))
    return (*own, *reported.values())


_COLUMNS = tuple(field.name for field in fields(PupilMarks))
_NOTHING = PupilMarks(
    personal_id="", pupil_code="", name="", regular=(), midterm=None, final=None, term_result=None
)
