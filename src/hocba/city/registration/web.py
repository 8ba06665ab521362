"""Pages of the register: figures for everybody at the Sở, look-up for officers; every reading leaves a trace."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_GET, require_http_methods

from hocba.city.archive import log, stamping
from hocba.city.archive import queries as archive
from hocba.city.roles import Permission
from hocba.city.schools import queries as schools
from hocba.city.trust_sources import alarms
from hocba.documents.verification import wording
from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.audit import actions as audit
from hocba.platform.files import store

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

TAG_SEARCHED = "registration:register:searched"
TAG_READ = "registration:transcript:read"

_PERSONAL_ID = re.compile(r"[0-9]{12}")


@requires(Permission.FIGURES_VIEW)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """How much is archived, by school and year; nothing about any pupil."""
    names = {school.school_code: school.name for school in schools.list_schools()}
    rows = [
        {"figures": figures, "name": names.get(figures.school_code, figures.school_code)}
        for figures in archive.list_figures()
    ]
    context = {
        "rows": rows,
        "checkpoint": archive.newest_checkpoint(),
        "stamped": archive.newest_stamped_size(),
        "stamping": _stamping(timezone.now()),
        "trust_alarms": alarms.count_urgent(at=timezone.now()),
    }
    return render(request, "city_registration/home.html", context)


def _stamping(at: datetime) -> dict[str, object]:
    """What officers must know about time stamps: none configured, none for long, or so long that the city stopped."""
    standing = stamping.standing()
    return {
        "configured": bool(stamping.addresses()),
        "since": standing.waiting_since,
        "late": standing.is_late(at),
        "overdue": bool(stamping.addresses()) and standing.is_overdue(at),
        "hours": int(stamping.stops_after().total_seconds() // 3600),
        "failure": archive.newest_stamp_failure() if standing.is_late(at) else None,
    }


@requires(Permission.REGISTER_SEARCH)
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Look up by personal ID. The ID travels in the body, so that no log of addresses ever holds it."""
    personal_id = request.POST.get("personal_id", "").strip()
    context: dict[str, object] = {"asked": request.method == "POST"}
    if request.method == "POST":
        if not _PERSONAL_ID.fullmatch(personal_id):
            context["problem"] = "Số định danh cá nhân gồm đúng 12 chữ số."
        else:
            rows = list(archive.list_transcripts_of_pupil(personal_id))
            context["rows"] = rows
            actor = actor_of(request)
            audit.record(
                tag=TAG_SEARCHED,
                target=f"pupil:{_trace_of(personal_id)}",
                by=actor.name,
                at=timezone.now(),
                details={"found": len(rows)},
            )
    return render(request, "city_registration/search.html", context)


def _trace_of(personal_id: str) -> str:
    """A keyed hash: who knows the number can ask who looked it up, and the trail itself holds no number."""
    return salted_hmac("city.registration.search", personal_id, algorithm="sha256").hexdigest()


@requires(Permission.REGISTER_READ)
@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One registered version: its checks, signatures, place in the log, receipt."""
    row = archive.get_transcript(pk)
    if row is None:
        raise Http404
    audit.record(
        tag=TAG_READ,
        target=f"transcript:{row.transcript_id}:{row.version}",
        by=actor_of(request).name,
        at=timezone.now(),
        school_code=row.school_code,
    )
    context = {
        "row": row,
        "files": [_described(file) for file in row.report["files"]],
        "stamp": archive.stamp_over(row.leaf_index),
        "receipt": store.get(row.receipt_digest).decode(),
        "log_name": log.origin(),
    }
    return render(request, "city_registration/entry.html", context)


def _described(file: dict[str, object]) -> dict[str, object]:
    checks: list[dict[str, str]] = file["checks"]  # type: ignore[assignment]
    signatures: list[dict[str, object]] = file["signatures"]  # type: ignore[assignment]
    return {
        "kind": wording.KINDS.get(str(file["kind"]), ""),
        "digest": file["digest"],
        "checks": [{"title": wording.CHECKS.get(check["name"], check["name"]), **check} for check in checks],
        "signatures": [
            {**signature, "role": wording.ROLES.get(str(signature["role"]), "")} for signature in signatures
        ],
    }
