"""Reading pupils and classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from hocba.sector.enrolment.models import ClassGroup, Enrolment

if TYPE_CHECKING:
    from django.db.models import QuerySet


def list_classes(school_code: str, school_year: str | None = None) -> QuerySet[ClassGroup]:
    """Classes of a school with the number of pupils attending (`size`), newest year first."""
    rows: QuerySet[ClassGroup] = ClassGroup.objects.filter(school_code=school_code)
    if school_year is not None:
        rows = rows.filter(school_year=school_year)
    return rows.annotate(size=Count("enrolments", filter=Q(enrolments__attending=True))).order_by(
        "-school_year", "grade", "name"
    )


def get_class(school_code: str, school_year: str, name: str) -> ClassGroup | None:
    """One class, or None."""
    found: ClassGroup | None = ClassGroup.objects.filter(
        school_code=school_code, school_year=school_year, name=name
    ).first()
    return found


def list_enrolments(school_code: str, school_year: str, class_name: str | None = None) -> QuerySet[Enrolment]:
    """Pupils of a year or of one class, with pupil and class, in the order of the school's list."""
    rows: QuerySet[Enrolment] = Enrolment.objects.filter(school_code=school_code, school_year=school_year)
    if class_name is not None:
        rows = rows.filter(class_group__name=class_name)
    return (
        rows.select_related("pupil", "class_group")
        .prefetch_related("pupil__former_personal_ids")
        .order_by("position")
    )


@dataclass(frozen=True, slots=True)
class Attending:
    """Somebody who attends a class, with the subjects the pupil has chosen."""

    code: str
    personal_id: str
    name: str
    electives: list[str]


def attending_of(group: ClassGroup) -> list[Attending]:
    """Who attends a class, in the order of the school's list."""
    rows = Enrolment.objects.filter(class_group=group, attending=True)
    columns = ("pupil__code", "pupil__personal_id", "pupil__name", "electives")
    return [Attending(*row) for row in rows.order_by("position").values_list(*columns)]


def class_ids(school_code: str, school_year: str) -> dict[str, int]:
    """Row ids of the classes of a year, by name."""
    rows = ClassGroup.objects.filter(school_code=school_code, school_year=school_year)
    return dict(rows.values_list("name", "id"))
