"""Completing a batch of signatures, and ending it: one authorisation over a frozen list of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hocba.desk import signers
from hocba.platform.audit import actions as audit
from hocba.platform.tenancy import statements
from hocba.transcripts.issuing import counting, tasks, workflow
from hocba.transcripts.issuing.completing import Outcome, complete_items
from hocba.transcripts.issuing.errors import (
    BatchOverError,
    CertificateRefusedError,
    DeskError,
    NotReadyError,
    NotYoursError,
)
from hocba.transcripts.issuing.models import SigningBatch
from hocba.transcripts.issuing.opening import OpenedBatch, open_batch
from hocba.transcripts.issuing.workflow import BatchStatus, SlotName
from hocba.transcripts.records import queries as records
from hocba.transcripts.roster import trust

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import datetime

    from hocba.platform.accounts.actor import Actor

__all__ = [
    "BatchOverError",
    "CertificateRefusedError",
    "DeskError",
    "NotReadyError",
    "NotYoursError",
    "OpenedBatch",
    "Outcome",
    "check_open",
    "complete_batch",
    "open_batch",
    "stop_batch",
]

_CLASS_OF_BATCH = "select compilation_id from transcripts_issuing_signingbatch where id = %b"

_OVER = {
    BatchStatus.SUPERSEDED: "Lượt ký này đã được thay bằng lượt ký mới hơn.",
    BatchStatus.STOPPED: "Lượt ký này đã dừng, hãy mở lượt ký mới cho phần còn lại.",
}


def complete_batch(
    *, batch_id: uuid.UUID, signatures: Mapping[int, bytes], actor: Actor, at: datetime
) -> Outcome:
    """Verify and embed signatures; versions whose slot is complete move on. Again, it gives the same answer.

    `signatures` are raw values by row id of the item. Raises NotYoursError, BatchOverError, and
    CertificateRefusedError when the certificate ended while the batch waited: all before anything is written.
    """
    batch = _locked_batch(batch_id, actor)
    if batch.status != BatchStatus.COMPLETED:
        check_open(batch, at=at)
        _check_certificate(batch, at=at)
    slot = workflow.SLOTS[SlotName(batch.slot)]
    with transaction.atomic(savepoint=False):
        outcome = complete_items(batch, slot, signatures, by=actor.name, at=at)
        if batch.status == BatchStatus.OPEN and counting.finish_batch(batch.pk, at=at):
            _record(batch, workflow.TAG_COMPLETED, by=actor.name, at=at)
    return outcome


@transaction.atomic
def stop_batch(*, batch_id: uuid.UUID, actor: Actor, at: datetime) -> None:
    """End an open batch; what is signed stays signed. One that is over stays as it is. Raises NotYoursError."""
    batch = _locked_batch(batch_id, actor)
    if batch.status == BatchStatus.OPEN:
        SigningBatch.objects.filter(pk=batch.pk).update(status=BatchStatus.STOPPED)
        _record(batch, workflow.TAG_STOPPED, by=actor.name, at=at)


def check_open(batch: SigningBatch, *, at: datetime) -> None:
    """Raise BatchOverError unless the batch takes signatures; the text says why not."""
    status = BatchStatus(batch.status)
    if status in _OVER:
        raise BatchOverError(_OVER[status])
    if status is BatchStatus.COMPLETED:
        raise BatchOverError("Lượt ký này đã ký xong.")
    if at > batch.expires_at:
        raise BatchOverError("Lượt ký này đã hết hạn, hãy mở lượt ký mới.")


def _locked_batch(batch_id: uuid.UUID, actor: Actor) -> SigningBatch:
    """The actor's batch behind the lock of its class."""
    classes = statements.fetch(_CLASS_OF_BATCH, [batch_id])
    compilation = records.lock_compilation(classes[0][0]) if classes else None
    if compilation is None:
        raise NotYoursError
    # Read behind the lock: until then another request may complete or supersede it.
    (batch,) = statements.rows(SigningBatch, "id = %b", [batch_id])
    slot = workflow.SLOTS[SlotName(batch.slot)]
    if tasks.holder_for(compilation, slot, actor) != batch.holder:
        raise NotYoursError
    return batch


def _check_certificate(batch: SigningBatch, *, at: datetime) -> None:
    position = workflow.SLOTS[SlotName(batch.slot)].position
    signers.check_after_waiting(
        bytes(batch.certificate),
        signers.claim_of(school_code=batch.school_code, holder=batch.holder, position=position),
        opened_at=batch.opened_at,
        trust=lambda: trust.material(batch.school_code),
        at=at,
    )


def _record(batch: SigningBatch, tag: str, *, by: str, at: datetime) -> None:
    audit.record(
        tag=tag,
        target=f"batch:{batch.pk}",
        by=by,
        at=at,
        school_code=batch.school_code,
        details={"slot": batch.slot},
    )
