"""Taking over what a school's workbooks say about people, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from hocba.documents.workbooks.electives import choices_of
from hocba.documents.workbooks.homeroom_teaching import implied_assignments
from hocba.platform.audit import actions as audit
from hocba.platform.tenancy import scope
from hocba.regulations import curriculum
from hocba.sector.assignments.models import Homeroom, RosterVersion, Teaching
from hocba.sector.directory import actions as directory
from hocba.sector.directory import queries as directory_queries
from hocba.sector.directory.merging import merge
from hocba.sector.enrolment import actions as enrolment
from hocba.sector.enrolment import queries as enrolment_queries
from hocba.sector.enrolment.actions import ClassNameError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hocba.documents.workbooks import values

__all__ = ["ClassNameError", "Imported", "UnknownPersonError", "apply_import"]

Cell = tuple[int, str, int]

CODE_OF_LEVEL = {"TIEUHOC": "TH", "THCS": "THCS", "THPT": "THPT"}
"""School levels of the curriculum to those that documents write (`documents.labels.SCHOOL_LEVELS`), in order."""


class UnknownPersonError(Exception):
    """Assignments name staff or classes that the school does not have; the argument lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import changed. `version` is that of the roster after it."""

    renamed: bool
    staff: int
    classes: int
    pupils: int
    assignments: int
    version: int

    @property
    def is_news(self) -> bool:
        """Whether anything changed at all."""
        return bool(self.renamed or self.staff or self.classes or self.pupils or self.assignments)


def apply_import(data: values.SchoolData, *, by: str, at: datetime) -> Imported:
    """Make the sector database say what the workbooks say about people; doing it again changes nothing.

    Raises UnknownPersonError, ClassNameError; nothing is written then.
    """
    with scope.acting_for(data.school.code):
        return _apply(data, by=by, at=at)


@transaction.atomic
def _apply(data: values.SchoolData, *, by: str, at: datetime) -> Imported:
    school, year = data.school.code, data.school.school_year
    _one_import_at_a_time(school)
    names = _class_names(data)
    renamed = directory.import_school(data.school, level=_level_of(names), by=by, at=at)
    staff = directory.import_staff(school, data.staff, by=by, at=at)
    classes = enrolment.import_classes(school, year, names)
    pupils = enrolment.import_pupils(school, year, data.pupils, electives=choices_of(data), by=by, at=at)
    _check_known(data)
    assigned = _assign(school, year, data, by=by, at=at)
    changed = bool(renamed or staff.touched or classes.touched or pupils.touched or assigned)
    return Imported(
        renamed=renamed,
        staff=len(staff.touched),
        classes=len(classes.touched),
        pupils=len(pupils.touched),
        assignments=assigned,
        version=_version(school, year, changed=changed, at=at),
    )


def _one_import_at_a_time(school: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 11))", [school])


def _class_names(data: values.SchoolData) -> set[str]:
    of_pupils = {row.class_name for row in data.pupils}
    return (
        of_pupils | {row.class_name for row in data.assignments} | {row.class_name for row in data.homerooms}
    )


def _level_of(class_names: set[str]) -> str:
    """The level of a school as documents write it: of all its grades, "TH-THCS"; THCS while it has no class."""
    levels = {curriculum.level_of(enrolment.grade_of(name)) for name in class_names} or {"THCS"}
    return "-".join(code for level, code in CODE_OF_LEVEL.items() if level in levels)


def _check_known(data: values.SchoolData) -> None:
    known = directory_queries.staff_ids(data.school.code)
    named = {row.staff_code for row in data.assignments} | {row.staff_code for row in data.homerooms}
    unknown = sorted(named - set(known))
    if unknown:
        raise UnknownPersonError(
            f"Phân công nêu mã giáo viên không có trong danh sách: {', '.join(unknown)}."
        )


def _assign(school: str, year: str, data: values.SchoolData, *, by: str, at: datetime) -> int:
    stated = [*data.assignments, *_implied(school, year, data)]
    touched = _teach(school, year, stated) + _lead(school, year, data.homerooms)
    audit.record_all(
        targets=[f"class:{school}:{year}:{name}" for name in sorted(set(touched))],
        tag="assignments:class:imported",
        by=by,
        at=at,
        school_code=school,
    )
    return len(touched)


def _implied(school: str, year: str, data: values.SchoolData) -> list[values.AssignmentRow]:
    """What follows from the homerooms of tiểu học, where nobody but a former homeroom teacher is known to teach."""
    implied = implied_assignments(data)
    if not implied:
        return []
    former = {
        row.class_group.name: row.staff_id
        for row in Homeroom.objects.filter(school_code=school, school_year=year).select_related("class_group")
    }
    taken = {
        (row.class_group.name, row.subject_code, row.term)
        for row in Teaching.objects.filter(school_code=school, school_year=year).select_related("class_group")
        if row.staff_id != former.get(row.class_group.name)
    }
    return [row for row in implied if (row.class_name, row.subject_code, row.term) not in taken]


def _teach(school: str, year: str, rows: Sequence[values.AssignmentRow]) -> list[str]:
    """State the teachers of every cell (class, subject, term) that the rows name; other cells stay."""
    classes, staff = enrolment_queries.class_ids(school, year), directory_queries.staff_ids(school)
    stated: dict[Cell, set[int]] = {}
    for row in rows:
        stated.setdefault((classes[row.class_name], row.subject_code, row.term), set()).add(
            staff[row.staff_code]
        )
    known: dict[Cell, dict[int, int]] = {}
    for held in Teaching.objects.select_for_update().filter(school_code=school, school_year=year):
        known.setdefault((held.class_group_id, held.subject_code, held.term), {})[held.staff_id] = held.pk
    ended = [
        pk for cell in stated for person, pk in known.get(cell, {}).items() if person not in stated[cell]
    ]
    begun = [
        (cell, person) for cell in stated for person in sorted(stated[cell] - known.get(cell, {}).keys())
    ]
    Teaching.objects.filter(pk__in=ended).delete()
    Teaching.objects.bulk_create(
        Teaching(
            school_code=school,
            school_year=year,
            class_group_id=cell[0],
            subject_code=cell[1],
            term=cell[2],
            staff_id=person,
        )
        for cell, person in begun
    )
    names = {row_id: name for name, row_id in classes.items()}
    gone = [cell for cell in stated if known.get(cell, {}).keys() - stated[cell]]
    return [names[cell[0]] for cell, _ in begun] + [names[cell[0]] for cell in gone]


def _lead(school: str, year: str, rows: Sequence[values.HomeroomRow]) -> list[str]:
    classes, staff = enrolment_queries.class_ids(school, year), directory_queries.staff_ids(school)
    stated = {classes[row.class_name]: {"staff_id": staff[row.staff_code]} for row in rows}
    common = {"school_code": school, "school_year": year}
    outcome = merge(Homeroom.objects.all(), key="class_group_id", stated=stated, common=common)
    names = {row_id: name for name, row_id in classes.items()}
    return [names[row_id] for row_id in outcome.touched]


def _version(school: str, year: str, *, changed: bool, at: datetime) -> int:
    row, created = RosterVersion.objects.get_or_create(
        school_code=school, school_year=year, defaults={"version": 1, "changed_at": at}
    )
    if changed and not created:
        row.version += 1
        row.changed_at = at
        row.save(update_fields=["version", "changed_at"])
    return int(row.version)
