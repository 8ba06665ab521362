"""Taking in signatures: each is verified against the bytes that were written down, then put in its place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.x509 import load_der_x509_certificate
from django.db import transaction

from hocba.desk import signers
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.platform.tenancy import statements
from hocba.signing import xmldsig
from hocba.signing.errors import SigningError
from hocba.tracking.roster import trust
from hocba.tracking.sealing import ending, events, files, freezing, workflow, writing
from hocba.tracking.sealing.batches import base_digest
from hocba.tracking.sealing.errors import BatchOverError, NotYoursError, OrderError
from hocba.tracking.sealing.models import BatchItem, Document, DocumentSignature, SigningBatch
from hocba.tracking.sealing.workflow import Kind, Slot, State

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from hocba.platform.accounts.actor import Actor

__all__ = ["BatchOverError", "NotYoursError", "Outcome", "take_signatures"]


_ITEMS = "batch_id = %b and signature_id = any(%t::text[])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many of the given signatures stand in their documents, and why the others do not, by item."""

    signed: int
    refused: tuple[tuple[str, str], ...]


def take_signatures(
    *, actor: Actor, batch_id: UUID, signatures: Mapping[str, bytes], at: datetime
) -> Outcome:
    """Put signature values into the documents of a batch; the same call again gives the same answer.

    Raises NotYoursError, BatchOverError, and CertificateRefusedError when the certificate ended while the batch
    waited: all of them before anything is written. A value that does not fit is refused alone and may be given again.
    """
    batch = _lock_batch(actor, batch_id)
    items = {item.signature_id: item for item in _lock_items(batch, signatures)}
    unknown = [(name, "Lượt ký không có mục này.") for name in signatures if name not in items]
    given = [items[name] for name in signatures if name in items]
    pending = [item for item in given if item.state == BatchItem.State.PENDING]
    if pending:
        check_open(batch, at=at)
        _check_certificate(batch, at=at)
        with transaction.atomic(savepoint=False):
            _sign(batch, pending, signatures, at=at)
            _finish(batch, at=at)
    refused = [(item.signature_id, item.reason) for item in given if item.state != BatchItem.State.SIGNED]
    return Outcome(signed=len(given) - len(refused), refused=(*refused, *unknown))


def _lock_batch(actor: Actor, batch_id: UUID) -> SigningBatch:
    batch = ending.lock_batch(batch_id, opened_by=actor.name)
    if batch is None or not actor.may(workflow.PERMISSIONS[Slot(batch.slot)]):
        raise NotYoursError
    return batch


def _lock_items(batch: SigningBatch, names: Collection[str]) -> list[BatchItem]:
    """The items of these names, each with its document."""
    items = statements.rows(BatchItem, _ITEMS, [batch.pk, list(names)], order="id", lock=True)
    wanted = [item.document_id for item in items]
    locked = statements.rows(Document, "id = any(%b::bigint[])", [wanted], order="id", lock=True)
    documents = {document.pk: document for document in locked}
    for item in items:
        item.document = documents[item.document_id]
    return items


def check_open(batch: SigningBatch, *, at: datetime) -> None:
    """Raise BatchOverError unless the batch takes signatures; the text says why not."""
    if batch.state == SigningBatch.State.SUPERSEDED:
        raise BatchOverError("Lượt ký này đã được thay bằng một lượt mới hơn.")
    if batch.state == SigningBatch.State.STOPPED:
        raise BatchOverError("Lượt ký này đã dừng, hãy mở lượt ký mới cho phần còn lại.")
    if batch.state == SigningBatch.State.COMPLETED:
        raise BatchOverError("Lượt ký này đã ký xong.")
    if batch.state == SigningBatch.State.EXPIRED or at > batch.expires_at:
        raise BatchOverError("Lượt ký này đã hết hạn, hãy mở lượt ký mới.")


def _check_certificate(batch: SigningBatch, *, at: datetime) -> None:
    position = workflow.POSITIONS[Slot(batch.slot)]
    signers.check_after_waiting(
        bytes(batch.certificate),
        signers.claim_of(school_code=batch.school_code, holder=batch.holder, position=position),
        opened_at=batch.signed_at,
        trust=lambda: trust.material(batch.school_code),
        at=at,
    )


def _sign(
    batch: SigningBatch, pending: Sequence[BatchItem], values: Mapping[str, bytes], *, at: datetime
) -> None:
    slot = Slot(batch.slot)
    leaf = load_der_x509_certificate(bytes(batch.certificate))
    fingerprint = leaf.fingerprint(hashes.SHA256()).hex()
    made = []
    for item in pending:
        xml = _complete(item, item.document, slot, values[item.signature_id])
        if xml is not None:
            made.append(_signature(batch, item.document, fingerprint, xml))
    if made:
        _apply(made, slot, by=batch.by, at=at)
    writing.keep_items(pending)


def _complete(item: BatchItem, document: Document, slot: Slot, value: bytes) -> bytes | None:
    """The finished signature, or None with the reason on the item."""
    try:
        workflow.check_turn(Kind(document.kind), State(document.state), slot)
        if base_digest(document, slot) != item.base_digest:
            raise OrderError("Nội dung cần ký đã thay đổi từ khi mở lượt ký.")
    except OrderError as error:
        item.state, item.reason = BatchItem.State.REFUSED, str(error)[:500]
        return None
    prepared = xmldsig.PreparedXmlSignature(
        signature_id=item.signature_id, to_be_signed=bytes(item.to_be_signed), xml=bytes(item.prepared)
    )
    try:
        xml = xmldsig.complete(prepared, value)
    except SigningError:
        item.reason = "Giá trị chữ ký không khớp với nội dung cần ký và chứng thư số."
        return None
    item.state, item.reason = BatchItem.State.SIGNED, ""
    return xml


def _signature(batch: SigningBatch, document: Document, fingerprint: str, xml: bytes) -> DocumentSignature:
    return DocumentSignature(
        school_code=document.school_code,
        document=document,
        slot=batch.slot,
        holder=batch.holder,
        by=batch.by,
        signed_at=batch.signed_at,
        certificate_sha256=fingerprint,
        xml=xml,
    )


def _apply(made: Sequence[DocumentSignature], slot: Slot, *, by: str, at: datetime) -> None:
    """New states and files of the documents, what follows from them, and the trail."""
    changed = [signature.document for signature in made]
    # What is READY nobody has signed yet.
    begun = [document for document in changed if document.state != State.READY]
    earlier = DocumentSignature.objects.filter(document__in=begun).order_by("id")
    standing: dict[int, list[DocumentSignature]] = defaultdict(list)
    for signature in (*earlier, *made):
        standing[signature.document_id].append(signature)
    for document in changed:
        _settle(document, standing[document.pk], slot, at=at)
    writing.add_signatures(made)
    writing.keep_signed(changed)
    audit.record_all(
        targets=[freezing.target_of(document) for document in changed],
        tag=workflow.Tag.SEALED if slot is Slot.SEAL else workflow.Tag.SIGNED,
        by=by,
        at=at,
        school_code=changed[0].school_code,
        details={"slot": slot.value},
    )
    _follow(changed, by=by, at=at)


def _settle(document: Document, standing: Sequence[DocumentSignature], slot: Slot, *, at: datetime) -> None:
    kind = Kind(document.kind)
    signed = {signature.holder for signature in standing if signature.slot == slot}
    complete = signed >= set(document.signers[slot.value])
    target = workflow.AFTER_SIGNATURE[kind, slot] if complete else State.PARTLY_SIGNED
    workflow.check(kind, State(document.state), target)
    document.state = target
    document.file_digest = store.put(files.assemble(document, standing))
    if target == workflow.DONE[kind]:
        document.completed_at = at


def _follow(changed: Sequence[Document], *, by: str, at: datetime) -> None:
    """Freeze parents whose children are now all signed; tell others what was sealed."""
    done = [document for document in changed if document.state == workflow.DONE[Kind(document.kind)]]
    for school, year in sorted({(document.school_code, document.school_year) for document in done}):
        names = {document.class_name for document in done if document.kind != Kind.YEAR}
        if names:
            freezing.advance_classes(school, year, names, by=by, at=at)
    for document in done:
        if document.kind == Kind.YEAR:
            events.sealed(document, at)


def _finish(batch: SigningBatch, *, at: datetime) -> None:
    any_refused = writing.complete_batch(batch)
    if any_refused is None:
        return
    audit.record(
        tag=workflow.Tag.BATCH_COMPLETED,
        target=ending.target_of_batch(batch),
        by=batch.by,
        at=at,
        school_code=batch.school_code,
        details={"slot": batch.slot},
    )
    if any_refused:
        ending.free_sheets([batch], by=batch.by, at=at)
