"""Reading assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents.people import StaffMember
from hocba.sector.assignments.models import Homeroom, RosterVersion, Teaching

if TYPE_CHECKING:
    from django.db.models import QuerySet


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


def teachers_of(
    school_code: str, school_year: str, class_name: str, subject_code: str, term: int
) -> tuple[StaffMember, ...]:
    """Who teaches a subject to a class in a term, as documents name them, by staff code."""
    rows = list_teaching(school_code, school_year).filter(
        class_group__name=class_name, subject_code=subject_code, term=term
    )
    return tuple(StaffMember(code=row.staff.code, name=row.staff.name) for row in rows)


def version_of(school_code: str, school_year: str) -> RosterVersion | None:
    """The version of the roster, or None where nothing was taken over yet."""
    found: RosterVersion | None = RosterVersion.objects.filter(
        school_code=school_code, school_year=school_year
    ).first()
    return found
