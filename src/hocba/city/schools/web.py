"""Pages on which officers approve certificates."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages as notices
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from hocba.city.roles import Permission
from hocba.city.schools import actions, presenting, queries, workflow
from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.json_requests import row_id

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BADGES = {
    workflow.Status.DECLARED: "wait",
    workflow.Status.APPROVED: "ok",
    workflow.Status.REFUSED: "stop",
    workflow.Status.REVOKED: "stop",
}
STEPS = {**workflow.TITLES, workflow.Status.DECLARED: "Trường khai báo"}
ACTORS = {"side:transcripts": "Hệ thống học bạ số của trường", "command": "Người vận hành (dòng lệnh)"}
KINDS = {"person": "Cá nhân", "organisation": "Nhà trường"}
POSITIONS = {"teacher": "Giáo viên", "leader": "Lãnh đạo", "seal": "Con dấu số"}


@requires(Permission.CERTIFICATES_APPROVE)
@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    """Declared certificates: those that wait first, then the others, by school."""
    school_code = request.GET.get("truong") or None
    rows = [
        {
            "row": row,
            "particulars": presenting.particulars_of(row),
            "status": workflow.TITLES[workflow.Status(row.status)],
            "badge": BADGES[workflow.Status(row.status)],
            "kind": KINDS.get(row.kind, row.kind),
            "positions": ", ".join(POSITIONS.get(position, position) for position in row.positions),
            "waits": row.status == workflow.Status.DECLARED,
            "found": presenting.standing_of(row, at=timezone.now())
            if row.status == workflow.Status.DECLARED
            else (),
        }
        for row in queries.list_certificates(school_code=school_code)
    ]
    rows.sort(key=lambda row: not row["waits"])
    context = {
        "rows": rows,
        "schools": queries.list_schools(),
        "school_code": school_code or "",
        "revoked": set(queries.list_revoked_by_authority(at=timezone.now()).values_list("pk", flat=True)),
    }
    return render(request, "city_schools/certificates.html", context)


@requires(Permission.CERTIFICATES_APPROVE)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or refuse the ticked certificates."""
    chosen = [pk for text in request.POST.getlist("certificate") if (pk := row_id(text)) is not None]
    by, at = actor_of(request).name, timezone.now()
    try:
        if request.POST.get("decision") == "approve":
            count = actions.approve(certificate_ids=chosen, by=by, at=at)
            notices.success(request, f"Đã phê duyệt {count} chứng thư số.")
        else:
            reason = request.POST.get("reason", "").strip()[:500]
            count = actions.refuse(certificate_ids=chosen, by=by, at=at, reason=reason)
            notices.success(request, f"Đã từ chối {count} chứng thư số.")
    except actions.RevokedByAuthorityError as error:
        notices.error(request, f"Không phê duyệt: {error}.")
    except workflow.TransitionError as error:
        notices.error(request, f"Không thực hiện được: {error}. Hãy tải lại trang.")
    return redirect("city_certificates")


@requires(Permission.CERTIFICATES_APPROVE)
@require_GET
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate: what it says, its history, what it renews and what renews it."""
    row = queries.get_certificate(pk)
    if row is None:
        raise Http404
    status = workflow.Status(row.status)
    context = {
        "row": row,
        "particulars": presenting.particulars_of(row),
        "standing": presenting.standing_of(row, at=timezone.now()),
        "status": workflow.TITLES[status],
        "badge": BADGES[status],
        "kind": KINDS.get(row.kind, row.kind),
        "positions": ", ".join(POSITIONS.get(position, position) for position in row.positions),
        "events": [
            (event, STEPS[workflow.Status(event.status)], ACTORS.get(event.by, event.by))
            for event in queries.list_events(row.pk)
        ],
        "followers": queries.list_followers(row.pk),
        "revocation": queries.authority_revocation_of(row.pk),
        "may_withdraw": queries.counts(row, at=timezone.now()),
    }
    return render(request, "city_schools/certificate.html", context)


@requires(Permission.CERTIFICATES_APPROVE)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an approval, now or from somebody's last day on."""
    if queries.get_certificate(pk) is None:
        raise Http404
    by, at = actor_of(request).name, timezone.now()
    reason = request.POST.get("reason", "").replace("\0", "").strip()[:500]
    last_day = _date(request.POST.get("last_day", ""))
    if not reason:
        notices.error(request, "Hãy ghi lý do rút phê duyệt.")
        return redirect("city_certificate", pk=pk)
    try:
        if last_day is None:
            actions.revoke(certificate_ids=[pk], by=by, at=at, reason=reason)
        else:
            leaves_at = timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time()))
            actions.end_duty(certificate_ids=[pk], leaves_at=leaves_at, by=by, at=at, reason=reason)
    except workflow.TransitionError as error:
        notices.error(request, f"Không thực hiện được: {error}. Hãy tải lại trang.")
    else:
        notices.success(request, "Đã rút phê duyệt chứng thư số.")
    return redirect("city_certificate", pk=pk)


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None
