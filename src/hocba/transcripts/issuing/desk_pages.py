"""Pages of the signing desk: what stands in a batch, for who opened it; each reading is audited (R65)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.audit import actions as audit
from hocba.transcripts.issuing import reading
from hocba.transcripts.issuing.errors import BatchOverError, NotYoursError
from hocba.transcripts.records import workflow
from hocba.transcripts.records.actions import target_of
from hocba.transcripts.roles import Permission

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest

CONTENT_TYPES = {"xml": "application/xml", "pdf": "application/pdf"}


@requires(Permission.SIGN)
@require_GET
def batch(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """The list of documents of a batch, with what is signed already."""
    try:
        found = reading.batch_of(actor_of(request), batch_id, at=timezone.now())
    except NotYoursError as error:
        raise Http404 from error
    except BatchOverError as error:
        return _over(error)
    context = {"batch": found, "items": found.items.select_related("version").order_by("pk")}
    return render(request, "transcripts_issuing/batch.html", context)


@requires(Permission.SIGN)
@require_GET
def item(request: HttpRequest, batch_id: uuid.UUID, item_id: int) -> HttpResponse:
    """A document of a batch for reading."""
    try:
        found = _read(request, batch_id, item_id)
    except BatchOverError as error:
        return _over(error)
    context = {
        "batch_id": batch_id,
        "item": found.item,
        "outline": found.outline(),
        "presentation": found.presentation_outline(),
    }
    return render(request, "transcripts_issuing/item.html", context)


@requires(Permission.SIGN)
@require_GET
def item_file(request: HttpRequest, batch_id: uuid.UUID, item_id: int) -> HttpResponse:
    """What the signature of an item covers: XML octets, or the PDF with the place of the signature still empty."""
    try:
        found = _read(request, batch_id, item_id)
    except BatchOverError as error:
        return _over(error)
    kind = found.item.kind
    return HttpResponse(
        found.octets,
        content_type=CONTENT_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="can-ky-{item_id}.{kind}"'},
    )


def _over(error: BatchOverError) -> HttpResponse:
    return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")


def _read(request: HttpRequest, batch_id: uuid.UUID, item_id: int) -> reading.ToSign:
    actor = actor_of(request)
    try:
        found = reading.item_of(actor, batch_id, item_id, at=timezone.now())
    except NotYoursError as error:
        raise Http404 from error
    version = found.item.version
    audit.record(
        tag=workflow.TAG_READ,
        target=target_of(version.transcript_id, version.version),
        by=actor.name,
        at=timezone.now(),
        school_code=version.school_code,
        details={"file": f"to be signed, {found.item.kind}"},
    )
    return found
