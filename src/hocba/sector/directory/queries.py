"""Reading schools and staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents import people
from hocba.sector.directory.models import School, Staff

if TYPE_CHECKING:
    from django.db.models import QuerySet


def list_schools() -> QuerySet[School]:
    """Schools in scope, by code."""
    rows: QuerySet[School] = School.objects.order_by("school_code")
    return rows


def school_of(school_code: str) -> people.School | None:
    """The school as documents name it, or None."""
    row = School.objects.filter(school_code=school_code).first()
    if row is None:
        return None
    return people.School(
        code=row.school_code, name=row.name, level=row.level, ward=row.ward, province=row.province
    )


def list_staff(school_code: str) -> QuerySet[Staff]:
    """Staff of a school, by code."""
    rows: QuerySet[Staff] = Staff.objects.filter(school_code=school_code).order_by("code")
    return rows


def staff_ids(school_code: str) -> dict[str, int]:
    """Row ids of the staff of a school, by staff code."""
    return dict(Staff.objects.filter(school_code=school_code).values_list("code", "id"))
