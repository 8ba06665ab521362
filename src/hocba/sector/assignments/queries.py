"""Reading assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents.people import StaffMember
from hocba.sector.assignments.models import Homeroom, RosterVersion, Teaching

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hocba.sector.enrolment.models import ClassGroup


def list_teaching(school_code: str, school_year: str) -> QuerySet[Teaching]:
    """Assignments of a year with class and teacher, by class, subject, term and teacher."""
    rows: QuerySet[Teaching] = Teaching.objects.filter(school_code=school_code, school_year=school_year)
    return rows.select_related("class_group", "staff").order_by(
        "class_group__grade", "class_group__name", "subject_code", "term", "staff__code"
    )


def list_homerooms(school_code: str, school_year: str) -> QuerySet[Homeroom]:
    """Homeroom teachers of a year with class and teacher."""
    rows: QuerySet[Homeroom] = Homeroom.objects.filter(school_code=school_code, school_year=school_year)
    return rows.select_related("class_group", "staff").order_by("class_group__grade", "class_group__name")


def teachers_of(group: ClassGroup) -> dict[tuple[str, int], tuple[StaffMember, ...]]:
    """Who teaches a class, as documents name them, in the order of staff codes, by subject and term."""
    rows = Teaching.objects.filter(class_group=group).order_by("staff__code")
    found: dict[tuple[str, int], tuple[StaffMember, ...]] = {}
    for subject_code, term, code, name in rows.values_list(
        "subject_code", "term", "staff__code", "staff__name"
    ):
        found[subject_code, term] = (*found.get((subject_code, term), ()), StaffMember(code=code, name=name))
    return found


def version_of(school_code: str, school_year: str) -> RosterVersion | None:
    """The version of the roster, or None where nothing was taken over yet."""
    found: RosterVersion | None = RosterVersion.objects.filter(
        school_code=school_code, school_year=school_year
    ).first()
    return found
