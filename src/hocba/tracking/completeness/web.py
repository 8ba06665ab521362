"""The report as pages and as JSON; what quotes pupils is shown to who may read it, and that is audited (R65)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.audit import actions as audit
from hocba.tracking.completeness import queries
from hocba.tracking.completeness.items import Group, grouped
from hocba.tracking.gradebook import permissions
from hocba.tracking.roles import Permission
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hocba.platform.accounts.actor import Actor
    from hocba.tracking.completeness.items import Item
    from hocba.tracking.completeness.queries import ClassReport

TAG = "completeness:report:read"


@requires(Permission.CLASSES_VIEW)
@require_GET
def school_page(request: HttpRequest, school_year: str) -> HttpResponse:
    """Numbers of every class of a year."""
    reports = _reports(request, school_year)
    context = {
        "school": roster.school_of(actor_of(request).school_code),
        "year": school_year,
        "reports": reports,
        "blocking": sum(report.blocking for report in reports),
        "warnings": sum(report.warnings for report in reports),
    }
    return render(request, "tracking_completeness/school.html", context)


@requires(Permission.CLASSES_VIEW)
@require_GET
def class_page(request: HttpRequest, school_year: str, name: str) -> HttpResponse:
    """Everything one class lacks."""
    (report,) = _reports(request, school_year, name)
    groups = _groups(request, report)
    context = {
        "group": report.group,
        "report": report,
        "stopping": [each for each in groups if each.blocking],
        "seeing": [each for each in groups if not each.blocking],
    }
    return render(request, "tracking_completeness/class_report.html", context)


@requires(Permission.CLASSES_VIEW)
@require_GET
def school_json(request: HttpRequest, school_year: str) -> HttpResponse:
    """GET /api/completeness/2024-2025: numbers of every class."""
    reports = _reports(request, school_year)
    return _json({"school_year": school_year, "classes": [_summary(report) for report in reports]})


@requires(Permission.CLASSES_VIEW)
@require_GET
def class_json(request: HttpRequest, school_year: str, name: str) -> HttpResponse:
    """GET /api/completeness/2024-2025/6A1: numbers, and the details the signed-in person may read."""
    (report,) = _reports(request, school_year, name)
    groups = [
        {
            "cause": each.cause,
            "blocking": each.blocking,
            "who": each.who,
            "count": each.count,
            "details": list(each.shown),
        }
        for each in _groups(request, report)
    ]
    return _json({"school_year": school_year, **_summary(report), "groups": groups})


def _reports(request: HttpRequest, school_year: str, name: str | None = None) -> list[ClassReport]:
    code = actor_of(request).school_code
    found = queries.reports_of(code, school_year, at=timezone.now(), class_name=name)
    if not found:
        raise Http404
    return found


def _groups(request: HttpRequest, report: ClassReport) -> list[Group]:
    actor = actor_of(request)
    readable = _readable(actor, report)
    if readable:
        audit.record(
            tag=TAG,
            target=f"class:{actor.school_code}:{report.group.school_year}:{report.group.name}",
            by=actor.name,
            at=timezone.now(),
            school_code=actor.school_code,
        )
    return grouped(report.items, readable)


def _readable(actor: Actor, report: ClassReport) -> list[Item]:
    if not actor.may(Permission.RESULTS_READ):
        return []
    name = report.group.name
    reach = roster.reach_of(actor.school_code, report.group.school_year, actor.holder_code)
    if permissions.can_read_class(actor, reach, name):
        return list(report.items)
    return [
        item
        for item in report.items
        if item.subject_code and permissions.can_read_sheet(actor, reach, name, item.subject_code)
    ]


def _summary(report: ClassReport) -> dict[str, Any]:
    return {
        "class": report.group.name,
        "grade": report.group.grade,
        "sealed": report.is_sealed,
        "blocking": report.blocking,
        "warnings": report.warnings,
    }


def _json(content: dict[str, Any]) -> HttpResponse:
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})
