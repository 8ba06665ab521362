"""From reported rows and this side's own people to the sheet that goes back (kết chuyển, flow 1)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from hocba.documents.class_record import ClassIdentity, PupilMarks, SubjectSheet
from hocba.documents.primary import PrimaryMarks, PrimarySubjectSheet
from hocba.regulations import applicability, curriculum
from hocba.regulations.errors import UnknownSubjectError
from hocba.sector.assignments import queries as assignments
from hocba.sector.directory import queries as directory
from hocba.sector.enrolment import queries as enrolment
from hocba.sector.results.models import ReportedPrimaryResult, ReportedResult, ReportedSheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.models import Manager

    from hocba.documents.any_level import AnySubjectSheet
    from hocba.documents.people import School, StaffMember
    from hocba.sector.enrolment.models import ClassGroup

Row = TypeVar("Row", bound=PupilMarks | PrimaryMarks)

Place = tuple[str, int]
"""Subject code and term."""

PRIMARY = "TIEUHOC"
NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "urn:hocba:sector:results")


def sheets_of(
    school_code: str, school_year: str, class_name: str
) -> dict[Place, AnySubjectSheet | UnknownSubjectError] | None:
    """Every sheet of a class that was reported, as this database knows it, by subject and term; None without the class.

    Pupils, their names and the teachers are this side's own; marks are as reported. A pupil of the class who takes
    the subject and has no report has an empty row, one who was reported and is not in the class or has not chosen
    the subject stands at the end: comparing shows both. In place of a sheet whose subject the class cannot have (any
    more) stands why.
    """
    school = directory.school_of(school_code)
    group = enrolment.get_class(school_code, school_year, class_name)
    if school is None or group is None:
        return None
    reported = ReportedSheet.objects.filter(
        school_code=school_code, school_year=school_year, class_name=class_name
    )
    compiled = _Class(
        school=school,
        group=group,
        level=curriculum.level_of(group.grade),
        attending=enrolment.attending_of(group),
        teachers=assignments.teachers_of(group),
    )
    return compiled.sheets(list(reported.order_by("subject_code", "term")))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Class:
    """What the sheets of a class have in common."""

    school: School
    group: ClassGroup
    level: str
    attending: list[enrolment.Attending]
    teachers: dict[tuple[str, int], tuple[StaffMember, ...]]

    def sheets(self, reported: Sequence[ReportedSheet]) -> dict[Place, AnySubjectSheet | UnknownSubjectError]:
        if self.level == PRIMARY:
            of_primary = _rows_by_sheet(ReportedPrimaryResult.objects, PrimaryMarks, reported)
            return _each(reported, lambda sheet: self.primary_sheet(sheet, of_primary[sheet.pk]))
        rows = _rows_by_sheet(ReportedResult.objects, PupilMarks, reported)
        return _each(reported, lambda sheet: self.sheet(sheet, rows[sheet.pk]))

    def sheet(self, sheet: ReportedSheet, rows: Sequence[PupilMarks]) -> SubjectSheet:
        subject = self._subject(sheet)
        return SubjectSheet(
            identity=self._identity(sheet),
            subject_code=sheet.subject_code,
            subject_name=subject.name,
            kind=subject.kind,
            term=sheet.term,
            teachers=self.teachers.get((sheet.subject_code, sheet.term), ()),
            rows=_own_people(rows, self._takers(sheet.subject_code), _NOTHING),
        )

    def primary_sheet(self, sheet: ReportedSheet, rows: Sequence[PrimaryMarks]) -> PrimarySubjectSheet:
        return PrimarySubjectSheet(
            identity=self._identity(sheet),
            subject_code=sheet.subject_code,
            subject_name=self._subject(sheet).name,
            term=sheet.term,
            teachers=self.teachers.get((sheet.subject_code, sheet.term), ()),
            rows=_own_people(rows, self._takers(sheet.subject_code), _NOTHING_OF_PRIMARY),
        )

    def _identity(self, sheet: ReportedSheet) -> ClassIdentity:
        group = self.group
        place = (
            group.school_code, group.school_year, group.name, sheet.subject_code, str(sheet.term)
        )  # fmt: skip
        return ClassIdentity(
            id=str(uuid.uuid5(NAMES, ":".join(place))),
            version=sheet.version,
            school=self.school,
            school_year=group.school_year,
            class_name=group.name,
            grade=group.grade,
            regulation=applicability.regulation_for(self.level, group.grade, group.school_year) or "",
        )

    def _subject(self, sheet: ReportedSheet) -> curriculum.Subject:
        return curriculum.subject(sheet.subject_code, self.level, self.group.school_year)

    def _takers(self, subject_code: str) -> list[enrolment.Attending]:
        """Who of the class takes the subject: everybody, or those who have chosen it."""
        if not curriculum.is_chosen(subject_code, self.level, self.group.grade, self.group.school_year):
            return self.attending
        return [pupil for pupil in self.attending if subject_code in pupil.electives]


def _each(
    reported: Iterable[ReportedSheet], compiled: Callable[[ReportedSheet], AnySubjectSheet]
) -> dict[Place, AnySubjectSheet | UnknownSubjectError]:
    found: dict[Place, AnySubjectSheet | UnknownSubjectError] = {}
    for sheet in reported:
        try:
            found[sheet.subject_code, sheet.term] = compiled(sheet)
        except UnknownSubjectError as error:
            found[sheet.subject_code, sheet.term] = error
    return found


def _rows_by_sheet(
    rows: Manager[Any], kind: type[Row], sheets: Iterable[ReportedSheet]
) -> dict[int, list[Row]]:
    """What was reported on each sheet, in the order of the reports."""
    names = [field.name for field in fields(kind)]
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows.filter(sheet__in=sheets).order_by("sheet_id", "position").values("sheet_id", *names):
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in row.items()
        }
        found[values.pop("sheet_id")].append(kind(**values))
    return found


def _own_people(rows: Sequence[Row], takers: Iterable[enrolment.Attending], nothing: Row) -> tuple[Row, ...]:
    """The takers under this side's own names with what was reported, then whoever else was reported."""
    reported = {row.pupil_code: row for row in rows}
    own: list[Row] = []
    for pupil in takers:
        row = reported.pop(pupil.code, nothing)
        own.append(replace(row, pupil_code=pupil.code, personal_id=pupil.personal_id, name=pupil.name))
    return (*own, *reported.values())


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
