"""From reported rows and this side's own people to the sheet that goes back (kết chuyển, flow 1)."""

from __future__ import annotations

import uuid
from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar

from hocba.documents.class_record import ClassIdentity, PupilMarks, SubjectSheet
from hocba.documents.primary import PrimaryMarks, PrimarySubjectSheet
from hocba.regulations import applicability, curriculum
from hocba.sector.assignments import queries as assignments
from hocba.sector.directory import queries as directory
from hocba.sector.enrolment import queries as enrolment
from hocba.sector.results.models import ReportedPrimaryResult, ReportedResult, ReportedSheet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocba.documents.any_level import AnySubjectSheet
    from hocba.sector.enrolment.models import ClassGroup

Row = TypeVar("Row", bound=PupilMarks | PrimaryMarks)

PRIMARY = "TIEUHOC"
NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "urn:hocba:sector:results")


def sheet_of(
    school_code: str, school_year: str, class_name: str, subject_code: str, term: int
) -> AnySubjectSheet | None:
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
    identity = ClassIdentity(
        id=str(uuid.uuid5(NAMES, ":".join(str(value) for value in place.values()))),
        version=sheet.version,
        school=school,
        school_year=school_year,
        class_name=class_name,
        grade=group.grade,
        regulation=applicability.regulation_for(level, group.grade, school_year) or "",
    )
    teachers = assignments.teachers_of(school_code, school_year, class_name, subject_code, term)
    takers = _takers(group, subject_code)
    if level == PRIMARY:
        return PrimarySubjectSheet(
            identity=identity,
            subject_code=subject_code,
            subject_name=subject.name,
            term=term,
            teachers=teachers,
            rows=_primary_rows(sheet, takers),
        )
    return SubjectSheet(
        identity=identity,
        subject_code=subject_code,
        subject_name=subject.name,
        kind=subject.kind,
        term=term,
        teachers=teachers,
        rows=_rows(sheet, takers),
    )


def _takers(group: ClassGroup, subject_code: str) -> list[enrolment.Attending]:
    """Who of the class takes the subject: everybody, or those who have chosen it."""
    attending = enrolment.attending_of(group.school_code, group.school_year, group.name)
    level = curriculum.level_of(group.grade)
    if not curriculum.is_chosen(subject_code, level, group.grade, group.school_year):
        return attending
    return [pupil for pupil in attending if subject_code in pupil.electives]


def _rows(sheet: ReportedSheet, takers: Iterable[enrolment.Attending]) -> tuple[PupilMarks, ...]:
    rows = ReportedResult.objects.filter(sheet=sheet).order_by("position").values(*_names(PupilMarks))
    reported = {row["pupil_code"]: PupilMarks(**{**row, "regular": tuple(row["regular"])}) for row in rows}
    return _own_people(reported, takers, _NOTHING)


def _primary_rows(sheet: ReportedSheet, takers: Iterable[enrolment.Attending]) -> tuple[PrimaryMarks, ...]:
    rows = ReportedPrimaryResult.objects.filter(sheet=sheet).order_by("position")
    reported = {row["pupil_code"]: PrimaryMarks(**row) for row in rows.values(*_names(PrimaryMarks))}
    return _own_people(reported, takers, _NOTHING_OF_PRIMARY)


def _own_people(
    reported: dict[str, Row], takers: Iterable[enrolment.Attending], nothing: Row
) -> tuple[Row, ...]:
    """The takers under this side's own names with what was reported, then whoever else was reported."""
    own: list[Row] = []
    for pupil in takers:
        row = reported.pop(pupil.code, nothing)
        own.append(replace(row, pupil_code=pupil.code, personal_id=pupil.personal_id, name=pupil.name))
    return (*own, *reported.values())


def _names(kind: type[PupilMarks | PrimaryMarks]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


_NOTHING = PupilMarks(
    personal_id="", pupil_code="", name="", regular=(), midterm=None, final=None, term_result=None
)
_NOTHING_OF_PRIMARY = PrimaryMarks(
    personal_id="",
    pupil_code="",
    name="",
    middle_level=None,
    middle_test=None,
    end_level=None,
    end_test=None,
)
