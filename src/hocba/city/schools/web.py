"""Pages on which officers approve certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages as notices
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
        }
        for row in queries.list_certificates(school_code=school_code)
    ]
    rows.sort(key=lambda row: not row["waits"])
    context = {"rows": rows, "schools": queries.list_schools(), "school_code": school_code or ""}
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
    except workflow.TransitionError as error:
        notices.error(request, f"Không thực hiện được: {error}. Hãy tải lại trang.")
    return redirect("city_certificates")
