"""Pages on people and classes; no result is shown here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hocba.platform.accounts.guards import requires
from hocba.sector.assignments import queries
from hocba.sector.directory import queries as directory
from hocba.sector.enrolment import queries as enrolment
from hocba.sector.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@requires(Permission.PEOPLE_VIEW)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Schools in scope with their classes and staff."""
    schools = [
        {
            "school": school,
            "classes": _classes(school.school_code),
            "staff": directory.list_staff(school.school_code),
        }
        for school in directory.list_schools()
    ]
    return render(request, "sector_assignments/home.html", {"schools": schools})


@requires(Permission.PEOPLE_VIEW)
@require_GET
def class_group(request: HttpRequest, school_code: str, school_year: str, name: str) -> HttpResponse:
    """Pupils, teachers and homeroom teacher of a class."""
    group = enrolment.get_class(school_code, school_year, name)
    if group is None:
        raise Http404
    context = {
        "group": group,
        "school": directory.school_of(school_code),
        "enrolments": enrolment.list_enrolments(school_code, school_year, name),
        "teaching": queries.list_teaching(school_code, school_year).filter(class_group=group),
        "homeroom": queries.list_homerooms(school_code, school_year).filter(class_group=group).first(),
    }
    return render(request, "sector_assignments/class_group.html", context)


def _classes(school_code: str) -> list[dict[str, object]]:
    rows = list(enrolment.list_classes(school_code))
    leaders = {
        home.class_group_id: home.staff.name
        for year in {row.school_year for row in rows}
        for home in queries.list_homerooms(school_code, year)
    }
    return [{"group": row, "homeroom": leaders.get(row.pk, "")} for row in rows]
