"""Pages: classes with their progress, the transcripts of a class, their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.transcripts.issuing import class_files, resending, tasks
from hocba.transcripts.issuing.models import RenderingProblem
from hocba.transcripts.issuing.permissions import can_read, check_can_read
from hocba.transcripts.records import queries as records
from hocba.transcripts.records import workflow
from hocba.transcripts.records.actions import target_of
from hocba.transcripts.roles import Permission
from hocba.transcripts.roster import queries as roster

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from django.http import HttpRequest

    from hocba.transcripts.records.models import TranscriptVersion


@requires(Permission.STATES_VIEW)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Classes with how many transcripts are where; names and values of nobody."""
    actor = actor_of(request)
    rows = [
        {
            "class": found.compilation,
            "size": sum(found.counts.values()),
            "counts": [
                (workflow.TITLES[status], _badge(status), found.counts[status]) for status in _present(found)
            ],
            "may_open": can_read(actor, found.compilation),
        }
        for found in records.list_class_counts()
    ]
    context = {
        "rows": rows,
        "school_name": roster.name_of_school(actor.school_code),
        "tasks": tasks.list_tasks(actor) if actor.may(Permission.SIGN) else [],
        "may_sign": actor.may(Permission.SIGN),
    }
    return render(request, "transcripts_issuing/home.html", context)


@requires(Permission.FILES_READ)
@require_GET
def class_transcripts(request: HttpRequest, pk: int) -> HttpResponse:
    """The transcripts of a class with their state, files and problems."""
    compilation = records.get_compilation(pk)
    if compilation is None:
        raise Http404
    actor = actor_of(request)
    check_can_read(actor, compilation)
    problems = dict(
        RenderingProblem.objects.filter(version__compilation_id=pk).values_list("version_id", "problem")
    )
    rows = [_row(version, problems) for version in records.list_versions(pk)]
    audit.record(
        tag=workflow.TAG_READ,
        target=f"compilation:{pk}",
        by=actor.name,
        at=timezone.now(),
        school_code=compilation.school_code,
        details={"transcripts": len(rows)},
    )
    context = {"class": compilation, "rows": rows, "may_send": actor.may(Permission.SEND)}
    context["may_copy"] = actor.may(Permission.COPIES_MAKE)
    context["is_issued"] = any(row["is_issued"] for row in rows)
    return render(request, "transcripts_issuing/class_transcripts.html", context)


@requires(Permission.FILES_READ)
@require_GET
def class_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Every file of a class in one archive; each transcript read is in the trail."""
    compilation = records.get_compilation(pk)
    if compilation is None:
        raise Http404
    actor = actor_of(request)
    check_can_read(actor, compilation)
    versions = [version for version in records.list_versions(pk) if hasattr(version, "issued")]
    if not versions:
        raise Http404
    now = timezone.now()
    content = class_files.archive(versions, at=timezone.localtime(now))
    audit.record_all(
        targets=[target_of(version.transcript_id, version.version) for version in versions],
        tag=workflow.TAG_READ,
        by=actor.name,
        at=now,
        school_code=compilation.school_code,
        details={"file": "zip"},
    )
    name = f"hoc-ba-{compilation.class_name}-{compilation.school_year}.zip".replace("/", "_")
    return _download(content, name, "application/zip")


@requires(Permission.FILES_READ)
@require_GET
def xml(request: HttpRequest, transcript_id: uuid.UUID, version: int) -> HttpResponse:
    """The sealed XML, octet by octet."""
    return _file(request, transcript_id, version, lambda row: row.issued.xml_digest, "xml", "application/xml")


@requires(Permission.FILES_READ)
@require_GET
def pdf(request: HttpRequest, transcript_id: uuid.UUID, version: int) -> HttpResponse:
    """The sealed PDF, octet by octet."""
    return _file(request, transcript_id, version, lambda row: row.issued.pdf_digest, "pdf", "application/pdf")


@requires(Permission.FILES_READ)
@require_GET
def receipt(request: HttpRequest, transcript_id: uuid.UUID, version: int) -> HttpResponse:
    """The city's receipt, as it came."""
    return _file(request, transcript_id, version, lambda row: row.receipt.digest, "json", "application/json")


@requires(Permission.SEND)
@require_POST
def send_again(request: HttpRequest, transcript_id: uuid.UUID, version: int) -> HttpResponse:
    """Send a version that the city refused once more, e.g. after a certificate was approved."""
    row = records.get_version(transcript_id, version)
    if row is None:
        raise Http404
    try:
        resending.send_again(row.pk, by=actor_of(request).name, at=timezone.now())
        notices.success(request, "Đã đưa vào hàng gửi.")
    except workflow.TransitionError as error:
        notices.error(request, f"Không gửi lại được: {error}.")
    return redirect("transcripts_class", pk=row.compilation_id)


def _file(
    request: HttpRequest,
    transcript_id: uuid.UUID,
    number: int,
    digest_of: Callable[[TranscriptVersion], str],
    extension: str,
    content_type: str,
) -> HttpResponse:
    row = records.get_version(transcript_id, number)
    if row is None:
        raise Http404
    actor = actor_of(request)
    check_can_read(actor, row.compilation)
    if not hasattr(row, "receipt" if extension == "json" else "issued"):
        raise Http404
    audit.record(
        tag=workflow.TAG_READ,
        target=target_of(transcript_id, number),
        by=actor.name,
        at=timezone.now(),
        school_code=row.school_code,
        details={"file": extension},
    )
    name = f"hoc-ba-{row.pupil_code}-{row.school_year}-v{row.version}.{extension}"
    return _download(store.get(digest_of(row)), name, content_type)


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "",
            "Cache-Control": "private, no-store",
        },
    )


def _row(version: TranscriptVersion, problems: dict[int, str]) -> dict[str, object]:
    status = workflow.Status(version.status)
    refusal = version.refusals.order_by("-id").first() if status is workflow.Status.REFUSED_BY_CITY else None
    return {
        "version": version,
        "status": workflow.TITLES[status],
        "badge": _badge(status),
        "is_issued": hasattr(version, "issued"),
        "is_archived": status is workflow.Status.ARCHIVED,
        "has_receipt": hasattr(version, "receipt"),
        "refusal": refusal,
        "problem": problems.get(version.pk, ""),
    }


def _badge(status: workflow.Status) -> str:
    return workflow.BADGES.get(status, "wait")


def _present(found: records.ClassCounts) -> list[workflow.Status]:
    return [status for status in workflow.Status if found.counts.get(status)]
