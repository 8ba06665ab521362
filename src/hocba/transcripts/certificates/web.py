"""The school's calendar of certificates, and the form for somebody who leaves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from hocba.exchange import certificate_calendar as calendar
from hocba.exchange import certificate_calendar_files as files
from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.answers import json_answer
from hocba.signing.approvals import POSITIONS
from hocba.transcripts.certificates import actions, queries
from hocba.transcripts.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest

LONGEST_RECORD = 50


@requires(Permission.STATES_VIEW)
@require_GET
def calendar_page(request: HttpRequest) -> HttpResponse:
    """Who cannot sign until which deadline."""
    actor, at = actor_of(request), timezone.now()
    school_year, deadlines = queries.deadlines(at=at)
    lines = queries.list_lines(actor.school_code, at=at)
    context = {
        "school_year": school_year,
        "deadlines": [(item, at >= item.end) for item in deadlines],
        "groups": calendar.grouped(lines),
        "positions": POSITIONS,
        "has_register": bool(queries.approvals_of(actor.school_code)),
        "may_manage": actor.may(Permission.CERTIFICATES_MANAGE),
        "holders": queries.list_holders(actor.school_code, at=at),
        "today": timezone.localdate(at).isoformat(),
    }
    return render(request, "transcripts_certificates/calendar.html", context)


@requires(Permission.STATES_VIEW)
@require_GET
def calendar_json(request: HttpRequest) -> HttpResponse:
    """The same for programs."""
    at = timezone.now()
    school_year, deadlines = queries.deadlines(at=at)
    lines = queries.list_lines(actor_of(request).school_code, at=at)
    return json_answer(files.to_json(lines, deadlines, school_year=school_year, at=at))


@requires(Permission.STATES_VIEW)
@require_GET
def calendar_csv(request: HttpRequest) -> HttpResponse:
    """The same for a spreadsheet."""
    at = timezone.now()
    content = files.to_csv(queries.list_lines(actor_of(request).school_code, at=at))
    headers = {"Content-Disposition": f'attachment; filename="chung-thu-so-{timezone.localdate(at)}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@requires(Permission.CERTIFICATES_MANAGE)
@require_POST
def end_duty(request: HttpRequest) -> HttpResponse:
    """Tell the Sở somebody's last day at the school (Quy chế Điều 16.2)."""
    actor, at = actor_of(request), timezone.now()
    last_day = _date(request.POST.get("last_day", ""))
    if last_day is None:
        notices.error(request, "Hãy ghi ngày làm việc cuối cùng.")
        return redirect("transcripts_certificates")
    try:
        actions.end_duty(
            school_code=actor.school_code,
            holder=request.POST.get("holder", ""),
            ends_at=timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time())),
            handed_over=request.POST.get("handed_over") == "on",
            record=" ".join(request.POST.get("record", "").replace("\0", "").split())[:LONGEST_RECORD],
            by=actor.name,
            at=at,
        )
    except actions.UnknownHolderError:
        notices.error(request, "Người này không có chứng thư số nào đang được phê duyệt.")
    else:
        notices.success(
            request,
            f"Đã báo Sở: sau ngày {last_day:%d/%m/%Y} chứng thư số của người này không còn được dùng để ký.",
        )
    return redirect("transcripts_certificates")


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None
