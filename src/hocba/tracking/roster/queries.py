"""Reading the roster copy: values, by natural keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents import people
from hocba.documents.people import StaffMember
from hocba.exchange import messages, posts
from hocba.platform.files import store
from hocba.platform.tenancy import statements
from hocba.regulations import curriculum
from hocba.tracking.roster.models import (
    CertificateRegister,
    ClassGroup,
    Pupil,
    RosterCopy,
    School,
    Staff,
    Teaching,
    TrustBundleCopy,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.db.models import QuerySet


_NEWEST = """
select coalesce((select max(id) from tracking_roster_trustbundlecopy), 0),
       coalesce((select max(id) from tracking_roster_certificateregister where school_code = %t), 0)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """A class of a school year; `subjects` are the codes taught, in the order of the official forms.

    `level` is that of the grade: a school may have several.
    """

    school_code: str
    school_year: str
    name: str
    grade: int
    level: str
    homeroom_code: str
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilName:
    """A pupil as the class record names one, with the codes of the subjects the pupil has chosen."""

    code: str
    personal_id: str
    name: str
    electives: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cell:
    """A subject of a class in a term."""

    class_name: str
    subject_code: str
    term: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What one person teaches in a year, and which classes the person leads."""

    taught: frozenset[Cell]
    led: frozenset[str]


def school_of(school_code: str) -> people.School | None:
    """The school as documents name it."""
    row = School.objects.filter(school_code=school_code).first()
    if row is None:
        return None
    return people.School(
        code=row.school_code, name=row.name, level=row.level, ward=row.ward, province=row.province
    )


def school_years_of(school_code: str) -> list[str]:
    """School years with classes, newest first."""
    rows = ClassGroup.objects.filter(school_code=school_code)
    return sorted(set(rows.values_list("school_year", flat=True)), reverse=True)


def list_classes(school_code: str, school_year: str, names: Collection[str] | None = None) -> list[Class]:
    """Classes of a year, or those of these names, by grade and name, each with its subjects."""
    taught: dict[str, set[str]] = {}
    for name, code in _teaching(school_code, school_year, names).values_list("class_name", "subject_code"):
        taught.setdefault(name, set()).add(code)
    rows = ClassGroup.objects.filter(school_code=school_code, school_year=school_year)
    if names is not None:
        rows = rows.filter(name__in=names)
    return [
        Class(
            school_code=school_code,
            school_year=school_year,
            name=row.name,
            grade=row.grade,
            level=curriculum.level_of(row.grade),
            homeroom_code=row.homeroom_code,
            subjects=_in_order(taught.get(row.name, set()), row.grade, school_year),
        )
        for row in rows.order_by("grade", "name")
    ]


def get_class(school_code: str, school_year: str, name: str) -> Class | None:
    """One class, or None."""
    return next((each for each in list_classes(school_code, school_year) if each.name == name), None)


def pupils_of(school_code: str, school_year: str, class_name: str) -> list[PupilName]:
    """Pupils of a class in the order of the school's list."""
    return pupils_by_class(school_code, school_year, [class_name]).get(class_name, [])


def pupils_by_class(school_code: str, school_year: str, names: Iterable[str]) -> dict[str, list[PupilName]]:
    """Pupils of several classes, by class name, each in the order of the school's list."""
    rows = Pupil.objects.filter(school_code=school_code, school_year=school_year, class_name__in=names)
    found: dict[str, list[PupilName]] = {}
    for name, code, personal_id, pupil, electives in rows.order_by("position").values_list(
        "class_name", "code", "personal_id", "name", "electives"
    ):
        found.setdefault(name, []).append(
            PupilName(code=code, personal_id=personal_id, name=pupil, electives=frozenset(electives))
        )
    return found


def subjects_of(pupil: PupilName, group: Class) -> tuple[str, ...]:
    """The subjects of the class that a pupil takes: those of everybody and the chosen ones."""
    return curriculum.taken_by(group.subjects, pupil.electives, group.level, group.grade, group.school_year)


def class_of_pupils(school_code: str, school_year: str) -> dict[str, str]:
    """The class of every pupil of a year, by pupil code."""
    rows = Pupil.objects.filter(school_code=school_code, school_year=school_year)
    return dict(rows.values_list("code", "class_name"))


def teachers_by_cell(
    school_code: str,
    school_year: str,
    names: Collection[str] | None = None,
    *,
    staff: Mapping[str, StaffMember] | None = None,
) -> dict[Cell, tuple[StaffMember, ...]]:
    """Who teaches each subject of each class and term of a year, or of the classes of these names.

    `staff` is what `staff_by_code` says, where somebody has asked it already.
    """
    members = staff_by_code(school_code) if staff is None else staff
    found: dict[Cell, list[StaffMember]] = {}
    rows = _teaching(school_code, school_year, names).order_by("staff_code")
    for name, subject, term, code in rows.values_list("class_name", "subject_code", "term", "staff_code"):
        found.setdefault(Cell(name, subject, term), []).append(members[code])
    return {cell: tuple(teachers) for cell, teachers in found.items()}


def cells_of_class(group: Class) -> set[Cell]:
    """The subjects and terms of a class that somebody is assigned to."""
    return cells_of_classes(group.school_code, group.school_year, [group.name])


def cells_of_classes(school_code: str, school_year: str, names: Collection[str]) -> set[Cell]:
    """The same of several classes of a year."""
    rows = _teaching(school_code, school_year, names)
    return {Cell(*row) for row in rows.values_list("class_name", "subject_code", "term")}


def reach_of(school_code: str, school_year: str, staff_code: str) -> Reach:
    """What a person's assignments of a year reach; nothing for somebody without a staff code."""
    if not staff_code:
        return Reach(taught=frozenset(), led=frozenset())
    taught = _teaching(school_code, school_year).filter(staff_code=staff_code)
    led = ClassGroup.objects.filter(
        school_code=school_code, school_year=school_year, homeroom_code=staff_code
    )
    return Reach(
        taught=frozenset(Cell(*row) for row in taught.values_list("class_name", "subject_code", "term")),
        led=frozenset(led.values_list("name", flat=True)),
    )


def staff_by_code(school_code: str) -> dict[str, StaffMember]:
    """Everybody who works at a school, as documents name them."""
    rows = Staff.objects.filter(school_code=school_code).values_list("code", "name")
    return {code: StaffMember(code=code, name=name) for code, name in rows}


def principal_of(school_code: str) -> StaffMember | None:
    """The principal, or None when the roster names none or several."""
    rows = list(Staff.objects.filter(school_code=school_code, post__in=posts.PRINCIPALS, active=True)[:2])
    if len(rows) != 1:
        return None
    return StaffMember(code=rows[0].code, name=rows[0].name, title=rows[0].post)


def members_with_post(school_code: str, post: str) -> list[StaffMember]:
    """Everybody at work with that post, by code."""
    rows = Staff.objects.filter(school_code=school_code, post=post, active=True).order_by("code")
    return [StaffMember(code=row.code, name=row.name, title=row.post) for row in rows]


def particulars_of(school_code: str, school_year: str) -> dict[str, list[people.Pupil]]:
    """Particulars of the pupils, by class, out of the newest roster message: no row here holds them."""
    copy = newest_copy(school_code, school_year)
    if copy is None:
        return {}
    found: dict[str, list[people.Pupil]] = {}
    for each in messages.from_bytes(messages.Roster, store.get(copy.digest)).pupils:
        found.setdefault(each.class_name, []).append(each.pupil)
    return found


def newest_copy(school_code: str, school_year: str) -> RosterCopy | None:
    """The newest version of the roster taken over."""
    found: RosterCopy | None = (
        RosterCopy.objects.filter(school_code=school_code, school_year=school_year)
        .order_by("-version")
        .first()
    )
    return found


def newest_copies(school_code: str) -> tuple[int, int]:
    """Row ids of the newest trust bundle and of the school's newest register; 0 where there is none."""
    ((bundle, register),) = statements.fetch(_NEWEST, [school_code])
    return bundle, register


def register_content(pk: int) -> bytes:
    """A copy of a register."""
    found: str = CertificateRegister.objects.values_list("content", flat=True).get(pk=pk)
    return found.encode()


def schools_here() -> list[str]:
    """Codes of the schools whose people, or register of approved certificates, were copied once."""
    codes = CertificateRegister.objects.order_by().values_list("school_code", flat=True)
    return sorted(codes.union(School.objects.order_by().values_list("school_code", flat=True)))


def bundle_content(pk: int) -> bytes:
    """A copy of a trust bundle."""
    return bytes(TrustBundleCopy.objects.values_list("content", flat=True).get(pk=pk))


def subject_name(code: str, level: str, school_year: str) -> str:
    """The name of a subject as the forms print it."""
    return curriculum.subject(code, level, school_year).name


def term_name(term: int) -> str:
    """A term within a sentence: "học kì I"."""
    return f"học kì {'I' if term == 1 else 'II'}"


def _teaching(school_code: str, school_year: str, names: Collection[str] | None = None) -> QuerySet[Teaching]:
    rows: QuerySet[Teaching] = Teaching.objects.filter(school_code=school_code, school_year=school_year)
    return rows if names is None else rows.filter(class_name__in=names)


def _in_order(codes: Iterable[str], grade: int, school_year: str) -> tuple[str, ...]:
    known = curriculum.subjects_for(curriculum.level_of(grade), grade, school_year)
    order = {each.code: place for place, each in enumerate(known)}
    return tuple(sorted(codes, key=lambda code: (order.get(code, len(order)), code)))
