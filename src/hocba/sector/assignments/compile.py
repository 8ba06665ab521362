"""From rows to the roster message that other sides copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents import people
from hocba.documents.people import Relative, Sex, StaffMember
from hocba.exchange.messages import Assignment, Homeroom, Roster, RosterClass, RosterPupil, RosterStaff
from hocba.regulations import code_lists, curriculum
from hocba.sector.assignments import queries
from hocba.sector.directory import queries as directory
from hocba.sector.enrolment import queries as enrolment

if TYPE_CHECKING:
    from hocba.sector.assignments.models import Teaching
    from hocba.sector.directory.models import Staff
    from hocba.sector.enrolment.models import Enrolment, Pupil


class IncompleteRosterError(Exception):
    """Pupils lack what a class record must name; `problems` lists them, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


def roster_of(school_code: str, school_year: str) -> Roster | None:
    """The roster of a school and year, or None when nothing was taken over. Raises IncompleteRosterError."""
    school = directory.school_of(school_code)
    version = queries.version_of(school_code, school_year)
    if school is None or version is None:
        return None
    enrolments = [row for row in enrolment.list_enrolments(school_code, school_year) if row.attending]
    problems = [problem for row in enrolments for problem in _lacking(row.pupil)]
    if problems:
        raise IncompleteRosterError(problems)
    teaching = list(queries.list_teaching(school_code, school_year))
    taught: dict[str, set[str]] = {}
    for row in teaching:
        taught.setdefault(row.staff.code, set()).add(row.subject_code)
    return Roster(
        school=school,
        school_year=school_year,
        version=version.version,
        issued_at=version.changed_at.replace(microsecond=0),
        staff=tuple(_staff(row, taught.get(row.code, set())) for row in directory.list_staff(school_code)),
        classes=tuple(
            RosterClass(name=row.name, grade=row.grade)
            for row in enrolment.list_classes(school_code, school_year)
        ),
        pupils=tuple(_pupil(row) for row in enrolments),
        assignments=tuple(_assignment(row, school_year) for row in teaching),
        homerooms=tuple(
            Homeroom(class_name=row.class_group.name, teacher=row.staff.code)
            for row in queries.list_homerooms(school_code, school_year)
        ),
    )


def _lacking(pupil: Pupil) -> list[str]:
    """What keeps a pupil out of the roster; a foreign pupil may still wait for a personal ID."""
    needed = {"ngày sinh": pupil.birth_date, "giới tính": pupil.sex}
    if code_lists.is_vietnamese(pupil.nationality):
        needed["số định danh cá nhân"] = pupil.personal_id
    return [f"Học sinh {pupil.code} chưa có {what}." for what, value in needed.items() if not value]


def _staff(row: Staff, taught: set[str]) -> RosterStaff:
    return RosterStaff(
        member=StaffMember(code=row.code, name=row.name, title=row.post),
        personal_id=row.personal_id,
        email=row.email,
        subjects=tuple(sorted(taught | ({row.subject_code} if row.subject_code else set()))),
        active=row.is_at_work,
    )


def _pupil(row: Enrolment) -> RosterPupil:
    pupil = row.pupil
    return RosterPupil(
        pupil=people.Pupil(
            personal_id=pupil.personal_id,
            code=pupil.code,
            name=pupil.name,
            birth_date=pupil.birth_date,
            sex=Sex(pupil.sex),
            ethnic_group=pupil.ethnic_group,
            nationality=pupil.nationality,
            birthplace=pupil.birthplace,
            residence=pupil.residence,
            disability=pupil.disability,
            father=_relative(pupil.father_name, pupil.father_occupation),
            mother=_relative(pupil.mother_name, pupil.mother_occupation),
        ),
        class_name=row.class_group.name,
        status=row.status,
        electives=tuple(row.electives),
    )


def _relative(name: str, occupation: str) -> Relative | None:
    return Relative(name=name, occupation=occupation) if name else None


def _assignment(row: Teaching, school_year: str) -> Assignment:
    level = curriculum.level_of(row.class_group.grade)
    subject = curriculum.subject(row.subject_code, level, school_year)
    return Assignment(
        class_name=row.class_group.name,
        subject_code=row.subject_code,
        subject_name=subject.name,
        kind="comment" if subject.kind == "comment" else "score",
        term=row.term,
        teacher=row.staff.code,
    )
