"""The roster for other sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_GET

from hocba.exchange import messages
from hocba.exchange.problems import ProblemItem
from hocba.platform.answers import json_body, problem
from hocba.platform.messages.inbox import machine
from hocba.sector.assignments import compile as compiling

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@machine("tracking", "transcripts")
@require_GET
def roster(request: HttpRequest, school_code: str) -> HttpResponse:
    """GET schools/{code}/roster?school_year=2024-2025: people, classes, assignments with their version."""
    school_year = request.GET.get("school_year", "")
    try:
        found = compiling.roster_of(school_code, school_year)
    except compiling.IncompleteRosterError as error:
        items = [ProblemItem(code="incomplete", detail=each) for each in error.problems]
        return problem(409, "Danh sách học sinh chưa đủ thông tin để đồng bộ.", items)
    if found is None:
        return problem(404, "Cơ sở dữ liệu ngành chưa có dữ liệu của trường trong năm học này.")
    return json_body(messages.to_bytes(found))
