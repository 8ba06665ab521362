"""Pages of the signing desk: what stands in a batch, for who opened it; each reading is audited (R65)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.audit import actions as audit
from hocba.tracking.roles import Permission
from hocba.tracking.sealing import freezing, reading, workflow
from hocba.tracking.sealing.errors import BatchClosedError, NotYoursError, OrderError, SealingError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


@requires(Permission.SIGN)
@require_GET
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The list of documents of a batch, with what is signed already."""
    try:
        found = reading.batch_of(actor_of(request), batch_id, at=timezone.now())
    except NotYoursError as error:
        raise Http404 from error
    except BatchClosedError as error:
        return _refused(error)
    context = {"batch": found, "items": found.items.order_by("id")}
    return render(request, "tracking_sealing/batch.html", context)


@requires(Permission.SIGN)
@require_GET
def item(request: HttpRequest, batch_id: UUID, item_id: str) -> HttpResponse:
    """A document of a batch for reading."""
    try:
        found = _read(request, batch_id, item_id)
    except (BatchClosedError, OrderError) as error:
        return _refused(error)
    context = {"batch": found.item.batch, "item": found.item, "outline": found.outline()}
    return render(request, "tracking_sealing/item.html", context)


@requires(Permission.SIGN)
@require_GET
def item_file(request: HttpRequest, batch_id: UUID, item_id: str) -> HttpResponse:
    """The octets that the signature of an item covers."""
    try:
        found = _read(request, batch_id, item_id)
    except (BatchClosedError, OrderError) as error:
        return _refused(error)
    return HttpResponse(
        found.octets,
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{found.item.signature_id}.xml"'},
    )


def _refused(error: SealingError) -> HttpResponse:
    return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")


def _read(request: HttpRequest, batch_id: UUID, item_id: str) -> reading.ToSign:
    actor = actor_of(request)
    try:
        found = reading.item_of(actor, batch_id, item_id, at=timezone.now())
    except NotYoursError as error:
        raise Http404 from error
    audit.record(
        tag=workflow.Tag.READ_TO_SIGN,
        target=freezing.target_of(found.item.document),
        by=actor.name,
        at=timezone.now(),
        school_code=actor.school_code,
    )
    return found
