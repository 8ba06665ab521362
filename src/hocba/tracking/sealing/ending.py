"""Batches that end without signatures: the sheets they closed are opened for marks again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hocba.platform.audit import actions as audit
from hocba.platform.tenancy import statements
from hocba.tracking.gradebook import sheets as gradebook_sheets
from hocba.tracking.sealing import workflow
from hocba.tracking.sealing.locks import lock_places
from hocba.tracking.sealing.models import BatchItem, Document, SigningBatch
from hocba.tracking.sealing.workflow import Kind, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

__all__ = ["end_batch", "free_sheets", "schools_with_expired_batches", "stop_batch"]


_PLACES = """
select distinct document.school_code, document.school_year, document.class_name
from tracking_sealing_signingbatch batch
join tracking_sealing_batchitem item on item.batch_id = batch.id
join tracking_sealing_document document on document.id = item.document_id
where batch.uuid = any(%b::uuid[]) and (%t::text is null or batch.by = %t)
"""
_BATCH = "uuid = %b and (%t::text is null or by = %t)"


def schools_with_expired_batches(at: datetime) -> dict[str, list[UUID]]:
    """Batches whose time is over, by school; needs the scope of the whole site."""
    found: dict[str, list[UUID]] = {}
    rows = SigningBatch.objects.filter(state=SigningBatch.State.OPEN, expires_at__lt=at)
    for school_code, batch_id in rows.order_by("school_code", "id").values_list("school_code", "uuid"):
        found.setdefault(school_code, []).append(batch_id)
    return found


@transaction.atomic
def end_batch(batch_id: UUID, *, by: str, at: datetime) -> bool:
    """End a batch whose time is over and open its sheets again; False when there is nothing to end."""
    batch = lock_batch(batch_id)
    if batch is None or batch.state != SigningBatch.State.OPEN or batch.expires_at >= at:
        return False
    batch.state = SigningBatch.State.EXPIRED
    batch.save(update_fields=["state"])
    audit.record(
        tag=workflow.Tag.BATCH_EXPIRED,
        target=target_of_batch(batch),
        by=by,
        at=at,
        school_code=batch.school_code,
        details={"opened_by": batch.by},
    )
    free_sheets([batch], by=by, at=at)
    return True


@transaction.atomic
def stop_batch(batch_id: UUID, *, by: str, at: datetime) -> None:
    """End the signer's own open batch and open the sheets nobody signed; one that is over stays as it is."""
    batch = lock_batch(batch_id, opened_by=by)
    if batch is None or batch.state != SigningBatch.State.OPEN:
        return
    batch.state = SigningBatch.State.STOPPED
    batch.save(update_fields=["state"])
    audit.record(
        tag=workflow.Tag.BATCH_STOPPED,
        target=target_of_batch(batch),
        by=by,
        at=at,
        school_code=batch.school_code,
        details={"slot": batch.slot},
    )
    free_sheets([batch], by=by, at=at)


def target_of_batch(batch: SigningBatch) -> str:
    """How the audit trail names a batch."""
    return f"signing-batch:{batch.uuid}"


def lock_batch(batch_id: UUID, *, opened_by: str | None = None) -> SigningBatch | None:
    """A batch, or None, after the locks of its classes: everybody takes them before those of rows.

    Another person's batch is none for who names `opened_by`, and nothing of it is locked.
    """
    lock_classes_of([batch_id], opened_by=opened_by)
    rows = statements.rows(SigningBatch, _BATCH, [batch_id, opened_by, opened_by], lock=True)
    return rows[0] if rows else None


def lock_classes_of(batch_ids: Sequence[UUID], *, opened_by: str | None = None) -> None:
    """The locks of the classes of several batches at once: those of one after the other might deadlock."""
    lock_places(statements.fetch(_PLACES, [list(batch_ids), opened_by, opened_by]))


def documents_in(batches: Sequence[SigningBatch]) -> QuerySet[Document]:
    """Documents in batches whose sheets stand closed for these alone: nobody has signed them."""
    if not batches:
        return Document.objects.none()
    rows: QuerySet[Document] = Document.objects.filter(
        pk__in=BatchItem.objects.filter(batch__in=batches).values("document"),
        kind=Kind.SUBJECT,
        state__in=(State.READY, State.BLOCKED),
    )
    return rows


def free_sheets(batches: Iterable[SigningBatch], *, by: str, at: datetime) -> None:
    """Open the sheets of ended batches on which nobody has signed and nobody is about to.

    The caller holds the locks of the classes. Sheets of terms and years were closed when these were frozen, not by
    a batch, and stay closed.
    """
    ended = list(batches)
    if not ended:
        return
    documents = documents_in(ended).exclude(
        pk__in=BatchItem.objects.filter(
            batch__state=SigningBatch.State.OPEN, batch__expires_at__gte=at, state=BatchItem.State.PENDING
        ).values("document")
    )
    keys: dict[tuple[str, str], set[gradebook_sheets.Key]] = {}
    for document in documents:
        place = (document.school_code, document.school_year)
        keys.setdefault(place, set()).update(
            (name, code, term) for name, code, term, _ in document.sheet_versions
        )
    for (school_code, school_year), wanted in sorted(keys.items()):
        locked = gradebook_sheets.lock(school_code, school_year, wanted)
        gradebook_sheets.reopen(locked.values(), by=by, at=at)
