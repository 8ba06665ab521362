"""Pages: the form of a certified copy, the register of copies, their files, and several years in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.transcripts.copies import actions, book, forms, queries, workflow
from hocba.transcripts.copies.errors import BookRefusedError, CopyRefusedError
from hocba.transcripts.issuing.permissions import check_can_read
from hocba.transcripts.issuing.rendering import verify_url
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.actions import target_of
from hocba.transcripts.records.workflow import TAG_READ, Status
from hocba.transcripts.roles import Permission
from hocba.transcripts.roster import queries as roster

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest

    from hocba.platform.accounts.actor import Actor
    from hocba.transcripts.records.models import TranscriptVersion


@requires(Permission.COPIES_MAKE)
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, transcript_id: uuid.UUID, version: int) -> HttpResponse:
    """The form of a certified copy; sent, the copy is made and entered in the register."""
    actor = actor_of(request)
    row = _archived(actor, transcript_id, version)
    leaders = roster.list_leaders(row.school_code)
    if request.method == "POST":
        form = forms.CopyForm(request.POST, leaders=leaders)
        if form.is_valid():
            try:
                entry = actions.make_copy(
                    version=row,
                    wanted=form.wanted(),
                    lookup=verify_url(row),
                    by=actor.name,
                    at=timezone.now(),
                )
            except CopyRefusedError as error:
                form.add_error(None, str(error))
            else:
                notices.success(
                    request, f"Đã lập bản sao y số {entry.reference}; tải tệp PDF ở dòng đầu để in."
                )
                return redirect("transcripts_copies")
    else:
        name = roster.name_of_school(row.school_code)
        initial = forms.proposal(name, queries.newest_entry(row.school_code))
        form = forms.CopyForm(initial=initial, leaders=leaders)
    context = {"form": form, "version": row, "has_leaders": bool(leaders)}
    return render(request, "transcripts_copies/make.html", context)


@requires(Permission.COPIES_VIEW)
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The register of copies of a calendar year."""
    actor, now = actor_of(request), timezone.now()
    this_year = timezone.localtime(now).year
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else this_year
    entries = list(queries.list_entries(year))
    audit.record(
        tag=workflow.TAG_REGISTER_READ,
        target=f"copies:{year}",
        by=actor.name,
        at=now,
        school_code=actor.school_code,
        details={"entries": len(entries)},
    )
    context = {
        "entries": entries,
        "year": year,
        "years": sorted({this_year, year, *queries.list_years()}, reverse=True),
        "prints": sum(entry.quantity for entry in entries),
    }
    return render(request, "transcripts_copies/register.html", context)


@requires(Permission.COPIES_VIEW)
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF of a copy, as it was made."""
    entry = queries.get_entry(pk)
    if entry is None:
        raise Http404
    actor = actor_of(request)
    check_can_read(actor, entry.version.compilation)
    audit.record(
        tag=workflow.TAG_READ,
        target=target_of(entry.version.transcript_id, entry.version.version),
        by=actor.name,
        at=timezone.now(),
        school_code=entry.school_code,
        details={"number": entry.reference, "year": entry.year},
    )
    return _pdf(
        store.get(entry.digest), f"sao-y-{entry.year}-{entry.number:02}-{entry.version.pupil_code}.pdf"
    )


@requires(Permission.FILES_READ)
@require_GET
def years(request: HttpRequest, transcript_id: uuid.UUID, version: int) -> HttpResponse:
    """The pupil's archived years at this school, as far as the actor may read them, in one PDF to read."""
    actor, now = actor_of(request), timezone.now()
    row = _archived(actor, transcript_id, version)
    found = book.years_for(actor, row)
    try:
        content = book.bind(found, at=now)
    except BookRefusedError as error:
        notices.error(request, f"Không ghép được các năm học. {error}")
        return redirect("transcripts_class", pk=row.compilation_id)
    audit.record_all(
        targets=[target_of(each.transcript_id, each.version) for each in found],
        tag=TAG_READ,
        by=actor.name,
        at=now,
        school_code=row.school_code,
        details={"file": "years"},
    )
    return _pdf(content, f"hoc-ba-{row.pupil_code}-{found[0].school_year}-den-{found[-1].school_year}.pdf")


def _archived(actor: Actor, transcript_id: uuid.UUID, version: int) -> TranscriptVersion:
    """The archived version that the actor may read. Raises Http404, PermissionDenied."""
    row = records.get_version(transcript_id, version)
    if row is None:
        raise Http404
    check_can_read(actor, row.compilation)
    if row.status != Status.ARCHIVED:
        raise Http404
    return row


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=name.replace("/", "_")
            )
            or "",
            "Cache-Control": "private, no-store",
        },
    )
