"""Opening a batch: fix what is to be signed and write it down before anybody sees it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from hocba.desk import channels, frozen, ports, signers, standing
from hocba.documents import class_record_xml
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.platform.tenancy import statements
from hocba.signing import certificates, xmldsig
from hocba.tracking.gradebook import sheets as gradebook_sheets
from hocba.tracking.roster import trust
from hocba.tracking.sealing import ending, files, tasks, workflow
from hocba.tracking.sealing.errors import CertificateRefusedError, NotYoursError, OrderError
from hocba.tracking.sealing.freezing import target_of
from hocba.tracking.sealing.locks import lock_classes, lock_places
from hocba.tracking.sealing.models import BatchItem, Document, SigningBatch
from hocba.tracking.sealing.workflow import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from cryptography import x509

    from hocba.platform.accounts.actor import Actor
    from hocba.tracking.gradebook.models import Sheet

__all__ = ["CertificateRefusedError", "NotYoursError", "Opened", "OrderError", "open_batch"]

LARGEST_BATCH = 10_000

_CLASSES_OF_OPEN = """
select distinct document.class_name from tracking_sealing_signingbatch batch
join tracking_sealing_batchitem item on item.batch_id = batch.id
join tracking_sealing_document document on document.id = item.document_id
where batch.school_code = %t and batch.task = %t and batch.by = %t and batch.state = 'OPEN'
"""


@dataclass(slots=True, kw_only=True)
class Opened:
    """A batch as the signer gets it; `items` are its first page, of `count` in all."""

    batch: SigningBatch
    items: list[BatchItem] = field(default_factory=list)
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Documents:
    """What is signed now, what changed in the gradebook since it was compared, and what waits for others."""

    fresh: list[Document]
    stale: list[Document]
    waiting: list[Document | tasks.Listed]
    sheets: Mapping[gradebook_sheets.Key, Sheet]
    superseded: list[SigningBatch]
    """Open batches of the task, which the new one replaces."""


def open_batch(*, actor: Actor, order: ports.Order, at: datetime) -> Opened:
    """Freeze the list of documents of a task that can be signed now; a newer batch replaces an open one.

    Sheets of the gradebook that stand in the documents are closed from here on. Raises NotYoursError,
    CertificateRefusedError, OrderError (nothing can be signed now, with the reason), StandingBatchError (a package is
    under way that the order does not give up): all of them before anything is written.
    """
    key = tasks.TaskKey.parse(order.task)
    tasks.check_role(actor, key)
    leaf = _signer(order.certificate, actor, key.slot, at=at)
    documents = _lock_documents(actor, key)
    _check_standing(documents.superseded, replace=order.replace, at=at)
    return _freeze(actor, order, leaf, documents, at=at)


@transaction.atomic(savepoint=False)
def _freeze(
    actor: Actor,
    order: ports.Order,
    leaf: x509.Certificate,
    documents: _Documents,
    *,
    at: datetime,
) -> Opened:
    key, fresh = tasks.TaskKey.parse(order.task), documents.fresh
    sheets = [documents.sheets[each] for each in sorted(_sheets_of(fresh))]
    gradebook_sheets.close(sheets, by=actor.name, at=at)
    _supersede(documents.superseded)
    batch = SigningBatch.objects.create(
        uuid=uuid.uuid4(),
        school_code=actor.school_code,
        task=str(key),
        slot=key.slot,
        by=actor.name,
        holder=tasks.signer_code(actor, key.slot),
        certificate=certificates.to_der(leaf),
        channel=order.channel,
        signed_at=at,
        expires_at=at + channels.life_of(order.channel, max(order.signatures, len(fresh))),
    )
    listing = frozen.Listing(skipped=_skipped(documents))
    opened = _write_items(batch, fresh, leaf, listing, at=at)
    batch.digest = listing.digest.removeprefix("sha256:")
    batch.listing = frozen.keep(_head(batch, key), listing)
    batch.save(update_fields=["digest", "listing"])
    ending.free_sheets(documents.superseded, by=actor.name, at=at)
    audit.record_all(
        targets=[target_of(document) for document in fresh],
        tag=workflow.Tag.BATCH_OPENED,
        by=actor.name,
        at=at,
        school_code=actor.school_code,
        details={
            "batch": str(batch.uuid),
            "slot": key.slot.value,
            "digest": listing.digest,
            "list": f"sha256:{batch.listing}",
            "channel": batch.channel,
        },
    )
    return opened


def _write_items(
    batch: SigningBatch,
    documents: Sequence[Document],
    leaf: x509.Certificate,
    listing: frozen.Listing,
    *,
    at: datetime,
) -> Opened:
    """Write down every item before anybody sees it; of their bytes only the first page stays in memory."""
    opened = Opened(batch=batch)
    for start in range(0, len(documents), channels.PAGE):
        items = [_item(batch, document, leaf, at=at) for document in documents[start : start + channels.PAGE]]
        BatchItem.objects.bulk_create(items)
        listing.add(item_of(item) for item in items)
        opened.items += items if start == 0 else []
        opened.count += len(items)
    return opened


def item_of(item: BatchItem) -> ports.Item:
    """An item as the desk shows it."""
    return ports.Item(
        id=item.signature_id,
        place=item.pk,
        title=item.title,
        kind="xml",
        to_be_signed=bytes(item.to_be_signed),
    )


def _head(batch: SigningBatch, key: tasks.TaskKey) -> frozen.Head:
    return frozen.Head(
        batch=batch.uuid,
        task=batch.task,
        title=key.title,
        slot=batch.slot,
        school=batch.school_code,
        holder=batch.holder,
        by=batch.by,
        certificate=certificates.fingerprint(certificates.load(bytes(batch.certificate))),
        channel=batch.channel,
        opened_at=batch.signed_at,
        expires_at=batch.expires_at,
    )


def _skipped(documents: _Documents) -> list[frozen.Skipped]:
    """Documents of the task that are not in the list: changed since they were compared, or not their turn."""
    changed = "Dữ liệu đã thay đổi sau khi đối chiếu, cần đối chiếu lại."
    found = [frozen.Skipped(title=tasks.title_of(each), reason=changed) for each in documents.stale]
    return found + [
        frozen.Skipped(title=tasks.title_of(each), reason=f"{tasks.why_waiting(each)}.")
        for each in documents.waiting
    ]


def _signer(certificate: bytes, actor: Actor, slot: Slot, *, at: datetime) -> x509.Certificate:
    """The signer's certificate, once it may sign here and now: every reason against it at once."""
    leaf = signers.load(certificate)
    claim = signers.claim_of(
        school_code=actor.school_code,
        holder=tasks.signer_code(actor, slot),
        position=workflow.POSITIONS[slot],
    )
    signers.check(leaf, claim, trust=trust.material(actor.school_code), at=at)
    return leaf


def _lock_documents(actor: Actor, key: tasks.TaskKey) -> _Documents:
    """The documents that can be signed and their sheets, locked behind their classes."""
    seen = tasks.lines_of(actor, key)
    names = _classes_of(seen, key) | _classes_of_open_batch(actor, key)
    lock_classes(actor.school_code, key.school_year, names)
    ready: list[Document] = []
    # Of classes that nobody can sign anything of, what was seen before the locks is enough.
    waiting: list[Document | tasks.Listed] = [line for line in seen if line.class_name not in names]
    for document in tasks.lock_documents(actor, key, names):
        (ready if tasks.is_turn(document, key.slot) else waiting).append(document)
    del ready[LARGEST_BATCH:]
    superseded = _open_batches(actor, key)
    # Those of the batches that are given up too, all at once: who enters marks takes them in the order of their ids.
    wanted = _sheets_of(ready) | _sheets_of(ending.documents_in(superseded))
    sheets = gradebook_sheets.lock(actor.school_code, key.school_year, wanted)
    fresh: list[Document] = []
    stale: list[Document] = []
    for document in ready:
        (fresh if _is_fresh(document, sheets) else stale).append(document)
    if not fresh:
        raise OrderError(_why_nothing(actor, key, stale))
    return _Documents(fresh=fresh, stale=stale, waiting=waiting, sheets=sheets, superseded=superseded)


def _sheets_of(documents: Iterable[Document]) -> set[gradebook_sheets.Key]:
    """The sheets of the gradebook that stand in the documents."""
    return {(name, code, term) for document in documents for name, code, term, _ in document.sheet_versions}


def lock_tasks(actor: Actor, keys: Sequence[tasks.TaskKey]) -> None:
    """The locks of several tasks at once, in the order of everybody."""
    lock_places(
        (actor.school_code, key.school_year, name)
        for key in keys
        for name in _classes_of(tasks.lines_of(actor, key), key) | _classes_of_open_batch(actor, key)
    )


def _classes_of(lines: Iterable[tasks.Listed], key: tasks.TaskKey) -> set[str]:
    """Classes with anything that can be signed now."""
    return {line.class_name for line in lines if tasks.is_turn(line, key.slot)}


def _classes_of_open_batch(actor: Actor, key: tasks.TaskKey) -> set[str]:
    """Classes of the batch that will be replaced: its sheets may have to be opened again."""
    rows = statements.fetch(_CLASSES_OF_OPEN, [actor.school_code, str(key), actor.name])
    return {name for (name,) in rows}


def _is_fresh(document: Document, sheets: Mapping[gradebook_sheets.Key, Sheet]) -> bool:
    """Whether the gradebook still says what was frozen: marks may change until somebody starts to sign."""
    return all(
        sheets[name, code, term].version == version for name, code, term, version in document.sheet_versions
    )


def _why_nothing(actor: Actor, key: tasks.TaskKey, stale: Sequence[Document]) -> str:
    if stale:
        titles = "; ".join(tasks.title_of(document) for document in stale[:5])
        return f"Dữ liệu đã thay đổi sau khi đối chiếu, cần đối chiếu lại trước khi ký: {titles}."
    task = next((each for each in tasks.tasks_of(actor) if each.key == key), None)
    if task is None:
        return tasks.why_not_yet(actor.school_code, key) or "Không còn sổ nào chờ bạn ký trong việc này."
    return f"Chưa ký được: {task.waiting_for}."


def _open_batches(actor: Actor, key: tasks.TaskKey) -> list[SigningBatch]:
    return list(
        SigningBatch.objects.filter(
            school_code=actor.school_code, task=str(key), by=actor.name, state=SigningBatch.State.OPEN
        )
    )


def _check_standing(batches: Sequence[SigningBatch], *, replace: bool, at: datetime) -> None:
    """Raises StandingBatchError."""
    living = [(batch.channel, batch.signed_at) for batch in batches if batch.expires_at >= at]
    standing.check(living, replace=replace)


def _supersede(batches: Sequence[SigningBatch]) -> None:
    if batches:
        rows = SigningBatch.objects.filter(pk__in=[batch.pk for batch in batches])
        rows.update(state=SigningBatch.State.SUPERSEDED)


def _item(batch: SigningBatch, document: Document, leaf: x509.Certificate, *, at: datetime) -> BatchItem:
    slot = Slot(batch.slot)
    signature_id, base = f"ck-{uuid.uuid4()}", base_digest(document, slot)
    region = region_of(document, slot, base)
    prepared = xmldsig.prepare(signature_id=signature_id, regions=[region], signed_at=at, certificate=leaf)
    return BatchItem(
        school_code=document.school_code,
        batch=batch,
        document=document,
        signature_id=signature_id,
        title=tasks.title_of(document),
        base_digest=base,
        to_be_signed=prepared.to_be_signed,
        prepared=prepared.xml,
    )


def base_digest(document: Document, slot: Slot) -> str:
    """What a signature in the slot stands on: the region, or for the seal the whole file so far."""
    return document.file_digest if slot is Slot.SEAL else document.data_digest


def region_of(document: Document, slot: Slot, base: str) -> xmldsig.Region:
    """What a signature in the slot covers, on the content of this digest (`base_digest`)."""
    if slot is not Slot.SEAL:
        identifier = class_record_xml.data_id(str(document.uuid), document.version)
        return xmldsig.Region(f"#{identifier}", store.get(base))
    return xmldsig.Region(xmldsig.WHOLE_DOCUMENT, files.canonical_of(store.get(base)))
