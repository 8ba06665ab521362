"""The calendar of certificates for officers: page, JSON, CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hocba.city.roles import Permission
from hocba.city.schools import calendar
from hocba.exchange import certificate_calendar_files as files
from hocba.exchange.certificate_calendar import grouped
from hocba.platform.accounts.guards import requires
from hocba.platform.answers import json_answer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest

    from hocba.exchange.certificate_calendar import Line

SCHOOLS_A_PAGE = 100


@requires(Permission.CERTIFICATES_APPROVE)
@require_GET
def calendar_page(request: HttpRequest) -> HttpResponse:
    """Which schools have certificates that do not reach a deadline; of one school, whose."""
    at, school_code = timezone.now(), request.GET.get("truong", "")
    school_year, deadlines = calendar.deadlines(at=at)
    figures = calendar.list_figures(at=at)
    pages = Paginator(figures, SCHOOLS_A_PAGE)
    context = {
        "school_year": school_year,
        "deadlines": [(item, at >= item.end) for item in deadlines],
        "page": pages.get_page(request.GET.get("trang")),
        "troubled": sum(1 for item in figures if item.missing or item.ending),
        "school": next((item for item in figures if item.code == school_code), None),
        "groups": grouped(calendar.lines_of(school_code, at=at)) if school_code else [],
    }
    return render(request, "city_schools/calendar.html", context)


@requires(Permission.CERTIFICATES_APPROVE)
@require_GET
def calendar_json(request: HttpRequest) -> HttpResponse:
    """The lines of one school, or of all, for programs."""
    at = timezone.now()
    school_year, deadlines = calendar.deadlines(at=at)
    return json_answer(files.to_json(_lines(request, at), deadlines, school_year=school_year, at=at))


@requires(Permission.CERTIFICATES_APPROVE)
@require_GET
def calendar_csv(request: HttpRequest) -> HttpResponse:
    """The same for a spreadsheet."""
    at = timezone.now()
    headers = {"Content-Disposition": f'attachment; filename="chung-thu-so-{timezone.localdate(at)}.csv"'}
    content = files.to_csv(_lines(request, at))
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _lines(request: HttpRequest, at: datetime) -> Iterable[Line]:
    school_code = request.GET.get("truong", "")
    return calendar.lines_of(school_code, at=at) if school_code else calendar.list_all(at=at)
