"""From reported rows and this side's own people to the sheet that goes back (kết chuyển, flow 1)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from hocba.documents.class_record import ClassIdentity, PupilMarks, SubjectSheet
from hocba.regulations import curriculum
from hocba.sector.assignments import queries as assignments
from hocba.sector.directory import queries as directory
from hocba.sector.enrolment import queries as enrolment
from hocba.sector.results.models import ReportedResult, ReportedSheet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocba.sector.enrolment.models import Enrolment

REGULATION = "TT22-2021"
NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "urn:hocba:sector:results")


def sheet_of(
    school_code: str, school_year: str, class_name: str, subject_code: str, term: int
) -> SubjectSheet | None:
    """The sheet as this database knows it, or None when nothing was reported.

    Pupils, their names and the teachers are this side's own; marks are as reported. A pupil of the class
    without a report has an empty row, one who was reported and is not in the class stands at the end: comparing
    shows both.
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
    subject = curriculum.subject(subject_code, school.level, school_year)
    return SubjectSheet(
        identity=ClassIdentity(
            id=str(uuid.uuid5(NAMES, ":".join(str(value) for value in place.values()))),
            version=sheet.version,
            school=school,
            school_year=school_year,
            class_name=class_name,
            grade=group.grade,
            regulation=REGULATION,
        ),
        subject_code=subject_code,
        subject_name=subject.name,
        kind=subject.kind,
        term=term,
        teachers=assignments.teachers_of(school_code, school_year, class_name, subject_code, term),
        rows=_rows(sheet, enrolment.list_enrolments(school_code, school_year, class_name)),
    )


def _rows(sheet: ReportedSheet, enrolments: Iterable[Enrolment]) -> tuple[PupilMarks, ...]:
    reported = {
        row.pupil_code: _marks(row) for row in ReportedResult.objects.filter(sheet=sheet).order_by("position")
    }
    own = []
    for enrolled in enrolments:
        if enrolled.attending:
            own.append(_own(enrolled, reported.pop(enrolled.pupil.code, None)))
    return (*own, *reported.values())


def _own(enrolled: Enrolment, marks: PupilMarks | None) -> PupilMarks:
    pupil = enrolled.pupil
    known = marks or PupilMarks(
        personal_id="", pupil_code="", name="", regular=(), midterm=None, final=None, term_result=None
    )
    return replace(known, personal_id=pupil.personal_id, pupil_code=pupil.code, name=pupil.name)


def _marks(row: ReportedResult) -> PupilMarks:
    return PupilMarks(
        personal_id=row.personal_id,
        pupil_code=row.pupil_code,
        name=row.name,
        regular=tuple(row.regular),
        midterm=row.midterm,
        final=row.final,
        term_result=row.term_result,
        year_result=row.year_result,
        after_retest=row.after_retest,
        remark=row.remark,
    )
