"""What a signer is about to sign or signed, to be read and kept: only by who opened the batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents import transcript_xml
from hocba.documents.outline import Outline, outline_of, subject_outline
from hocba.documents.transcript_xml import Presentation
from hocba.platform.files import store
from hocba.signing import certificates, pades, xmldsig
from hocba.transcripts.issuing import signing, tasks, workflow
from hocba.transcripts.issuing.actions import check_open
from hocba.transcripts.issuing.errors import BatchOverError, NotYoursError
from hocba.transcripts.issuing.materials import materials_for
from hocba.transcripts.issuing.models import SigningBatch, SigningItem
from hocba.transcripts.issuing.workflow import ItemStatus, Kind, SlotName
from hocba.transcripts.records import queries as records

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from hocba.platform.accounts.actor import Actor
    from hocba.transcripts.issuing.signing import Material


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """The octets an item's signature covers, and the record they belong to.

    `presentation` are those of what the signature says of the PDF; empty where it says nothing of it. `is_file` says
    that the octets are the transcript's file as it is now, since the item is signed.
    """

    item: SigningItem
    octets: bytes
    record: bytes
    presentation: bytes = b""
    is_file: bool = False

    def outline(self) -> Outline:
        """The transcript for reading; of a subject teacher's item the own row alone."""
        value = transcript_xml.read_record(self.record)
        return subject_outline(value, self.item.region) if self.item.region else outline_of(value)

    def presentation_outline(self) -> Outline | None:
        """What the signature says of the PDF, besides the transcript itself; None where it says nothing of it."""
        if not self.presentation:
            return None
        return outline_of(Presentation(*transcript_xml.read_presentation(self.presentation)))


# A signature over these slots' XML says which PDF goes with the transcript.
_WITH_PRESENTATION = (SlotName.PRINCIPAL, SlotName.SEAL)


def own_batch(actor: Actor, batch_id: uuid.UUID) -> SigningBatch:
    """The actor's batch, whatever became of it. Raises NotYoursError."""
    batch: SigningBatch | None = (
        SigningBatch.objects.select_related("compilation").filter(pk=batch_id).first()
    )
    if batch is None or batch.opened_by != actor.name or not may_sign(actor, batch):
        raise NotYoursError
    return batch


def may_sign(actor: Actor, batch: SigningBatch) -> bool:
    """Whether the batch is still of a slot that the actor signs."""
    slot = workflow.SLOTS[SlotName(batch.slot)]
    return tasks.holder_for(batch.compilation, slot, actor) == batch.holder


def batch_of(actor: Actor, batch_id: uuid.UUID, *, at: datetime) -> SigningBatch:
    """The actor's batch while it waits for signatures. Raises NotYoursError; BatchOverError afterwards."""
    batch = own_batch(actor, batch_id)
    check_open(batch, at=at)
    return batch


def item_of(actor: Actor, batch_id: uuid.UUID, item_id: int) -> ToSign:
    """What an item of the actor's batch covers.

    Raises NotYoursError; BatchOverError when it is no longer what the batch was opened for.
    """
    batch = own_batch(actor, batch_id)
    item = batch.items.select_related("version__issued").filter(pk=item_id).first()
    if item is None:
        raise NotYoursError
    slot = workflow.SLOTS[SlotName(batch.slot)]
    if item.status == ItemStatus.SIGNED or not item.to_be_signed:
        return _afterwards(slot, item)
    material = materials_for(slot, [item.version])[0]
    octets = _pdf(batch, item, material) if item.kind == Kind.PDF else _xml(slot, item, material)
    says_of_pdf = item.kind == Kind.XML and slot.name in _WITH_PRESENTATION
    presentation = material.presentation if says_of_pdf else b""
    return ToSign(item=item, octets=octets, record=material.record, presentation=presentation)


def _afterwards(slot: workflow.Slot, item: SigningItem) -> ToSign:
    """What is signed or archived by now: a subject teacher's row as ever, else the file with all signatures so far."""
    version = item.version
    record = records.records_of([version.pk])[version.pk]
    if item.region:
        (row,) = signing.regions_of(slot, signing.Material(version=version, record=record), item.region)
        return ToSign(item=item, octets=row.canonical, record=record)
    if hasattr(version, "issued"):
        issued = version.issued
        octets = store.get(issued.pdf_digest if item.kind == Kind.PDF else issued.xml_digest)
        return ToSign(item=item, octets=octets, record=record, is_file=True)
    # What the seal, the last of all, would meet.
    material = materials_for(workflow.SLOTS[SlotName.SEAL], [version])[0]
    octets = material.pdf
    if item.kind == Kind.XML:
        octets = transcript_xml.assemble(record, material.presentation, material.signatures)
    return ToSign(item=item, octets=octets, record=record, is_file=True)


def _xml(slot: workflow.Slot, item: SigningItem, material: Material) -> bytes:
    regions = signing.regions_of(slot, material, item.region)
    prepared = xmldsig.PreparedXmlSignature("", bytes(item.to_be_signed), bytes(item.prepared))
    if not xmldsig.is_over(prepared, regions):
        raise BatchOverError("Nội dung cần ký đã thay đổi từ khi mở lượt ký.")
    if len(regions) == 1:
        return regions[0].canonical
    return transcript_xml.assemble(material.record, material.presentation, material.signatures)


def _pdf(batch: SigningBatch, item: SigningItem, material: Material) -> bytes:
    if item.contents is None or item.reserved is None:
        raise ValueError("an item of a PDF has its place")
    prepared = pades.PreparedPdfSignature(
        pdf=material.pdf + bytes(item.prepared),
        field="",
        contents=item.contents,
        reserved=item.reserved,
        to_be_signed=bytes(item.to_be_signed),
        certificate=certificates.load(bytes(batch.certificate)),
        chain=(),
    )
    if not pades.is_over(prepared):
        raise BatchOverError("Nội dung cần ký đã thay đổi từ khi mở lượt ký.")
    return prepared.pdf
