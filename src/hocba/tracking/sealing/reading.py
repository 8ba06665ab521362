"""What a signer is about to sign or signed, to be read and kept: only by who opened the batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents import class_record_xml
from hocba.documents.outline import Outline, outline_of
from hocba.platform.files import store
from hocba.signing import xmldsig
from hocba.tracking.sealing import tasks, workflow
from hocba.tracking.sealing.batches import base_digest, region_of
from hocba.tracking.sealing.errors import NotYoursError, OrderError
from hocba.tracking.sealing.models import BatchItem, SigningBatch
from hocba.tracking.sealing.signing import check_open
from hocba.tracking.sealing.workflow import Kind, Slot

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from hocba.platform.accounts.actor import Actor

_READ = {
    Kind.SUBJECT: class_record_xml.read_subject_sheet,
    Kind.TERM: class_record_xml.read_term_record,
    Kind.YEAR: class_record_xml.read_year_record,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """The octets an item's signature covers."""

    item: BatchItem
    octets: bytes

    def outline(self) -> Outline:
        """The document for reading; the seal covers it with the signatures made so far."""
        document = self.item.document
        is_seal = self.item.batch.slot == Slot.SEAL
        data = document.data_digest if is_seal else self.item.base_digest
        return outline_of(_READ[Kind(document.kind)](store.get(data)))


def own_batch(actor: Actor, batch_id: UUID) -> SigningBatch:
    """The actor's batch, whatever became of it. Raises NotYoursError."""
    batch: SigningBatch | None = SigningBatch.objects.filter(uuid=batch_id, by=actor.name).first()
    if batch is None or not may_sign(actor, batch):
        raise NotYoursError
    return batch


def batch_of(actor: Actor, batch_id: UUID, *, at: datetime) -> SigningBatch:
    """The actor's batch while it waits for signatures. Raises NotYoursError; BatchOverError afterwards."""
    batch = own_batch(actor, batch_id)
    check_open(batch, at=at)
    return batch


def may_sign(actor: Actor, batch: SigningBatch) -> bool:
    """Whether the batch is still of a slot that the actor signs."""
    slot = Slot(batch.slot)
    return actor.may(workflow.PERMISSIONS[slot]) and tasks.signer_code(actor, slot) == batch.holder


def item_of(actor: Actor, batch_id: UUID, item_id: str, *, at: datetime) -> ToSign:
    """What an item of the actor's batch covers.

    Raises NotYoursError, also when somebody else signs the document by now; OrderError when it waits in an open batch
    and is no longer what the batch was opened for.
    """
    batch = own_batch(actor, batch_id)
    item = batch.items.select_related("document").filter(signature_id=item_id).first()
    if item is None or batch.holder not in item.document.signers.get(batch.slot, ()):
        raise NotYoursError
    slot = Slot(batch.slot)
    waits = item.state == BatchItem.State.PENDING and batch.state == SigningBatch.State.OPEN
    is_as_listed = base_digest(item.document, slot) == item.base_digest
    # Of a document that is signed, or was left, the content of that time is shown: it is still in the store.
    region = region_of(item.document, slot, item.base_digest)
    prepared = xmldsig.PreparedXmlSignature(
        signature_id=item.signature_id, to_be_signed=bytes(item.to_be_signed), xml=bytes(item.prepared)
    )
    if (waits and at <= batch.expires_at and not is_as_listed) or not xmldsig.is_over(prepared, [region]):
        raise OrderError("Nội dung cần ký đã thay đổi từ khi mở lượt ký.")
    return ToSign(item=item, octets=region.canonical)
