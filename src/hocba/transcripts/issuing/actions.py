"""Opening a batch of signatures and completing it: one authorisation over a frozen list of documents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction

from hocba.platform.audit import actions as audit
from hocba.signing import certificates
from hocba.signing.approvals import Claim
from hocba.transcripts.issuing import signing, tasks, workflow, working_bytes
from hocba.transcripts.issuing.completing import Outcome, complete_items
from hocba.transcripts.issuing.errors import (
    BatchOverError,
    CertificateRefusedError,
    IssuingError,
    NotReadyError,
    NotYoursError,
)
from hocba.transcripts.issuing.materials import materials_for
from hocba.transcripts.issuing.models import SigningBatch, SigningItem
from hocba.transcripts.issuing.workflow import BatchStatus, ItemStatus, SlotName
from hocba.transcripts.records import queries as records
from hocba.transcripts.roster import trust

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import datetime

    from cryptography import x509

    from hocba.platform.accounts.actor import Actor
    from hocba.transcripts.issuing.tasks import Task
    from hocba.transcripts.records.models import TranscriptVersion

__all__ = [
    "BatchOverError",
    "CertificateRefusedError",
    "IssuingError",
    "NotReadyError",
    "NotYoursError",
    "OpenedBatch",
    "Outcome",
    "complete_batch",
    "open_batch",
]

LIFE = timedelta(minutes=15)
"""How long a signer may take; a remote signing provider's authorisation lives about as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedBatch:
    """A frozen list, stored before the signer sees it."""

    batch: SigningBatch
    items: list[SigningItem]
    titles: dict[int, str]


@transaction.atomic
def open_batch(*, task_id: str, certificate: bytes, actor: Actor, at: datetime) -> OpenedBatch:
    """Freeze what a task covers and store the exact bytes to be signed; an open batch of it is superseded.

    `certificate` is DER. Raises NotYoursError, NotReadyError, CertificateRefusedError.
    """
    task = _locked_task(task_id, actor)
    signer = _signer(task, certificate, at=at)
    _supersede(task)
    versions = records.versions_in(task.compilation.pk, task.slot.before)
    batch = SigningBatch(
        school_code=task.compilation.school_code,
        compilation_id=task.compilation.pk,
        slot=task.slot.name,
        holder=task.holder,
        certificate=certificates.to_der(signer.certificate),
        chain=b"".join(item.public_bytes(Encoding.PEM) for item in signer.chain),
        status=BatchStatus.OPEN,
        opened_by=actor.name,
        opened_at=at,
        expires_at=at + LIFE,
    )
    signed = _signed_already(task)
    items = [
        _item(batch, material.version, prepared, signer)
        for material in materials_for(task.slot, versions)
        for prepared in signing.prepare(task.slot, material, signer)
        if (material.version.pk, prepared.kind, prepared.region) not in signed
    ]
    batch.digest = f"sha256:{_list_digest(items)}"
    batch.save(force_insert=True)
    working_bytes.insert_items(items)
    audit.record(
        tag=workflow.TAG_OPENED,
        target=f"batch:{batch.pk}",
        by=actor.name,
        at=at,
        school_code=batch.school_code,
        details={"slot": batch.slot, "items": len(items), "digest": batch.digest},
    )
    names = {version.pk: version.pupil_name for version in versions}
    return OpenedBatch(batch=batch, items=items, titles={item.pk: _title(item, names) for item in items})


@transaction.atomic
def complete_batch(
    *, batch_id: uuid.UUID, signatures: Mapping[int, bytes], actor: Actor, at: datetime
) -> Outcome:
    """Verify and embed signatures; versions whose slot is complete move on. Again, it gives the same answer.

    `signatures` are raw values by row id of the item. Raises NotYoursError, BatchOverError.
    """
    seen = SigningBatch.objects.filter(pk=batch_id).first()
    if seen is None or records.lock_compilation(seen.compilation_id) is None:
        raise NotYoursError
    # Read again behind the lock: another request may have completed or superseded it meanwhile.
    batch = SigningBatch.objects.select_related("compilation").get(pk=batch_id)
    slot = workflow.SLOTS[SlotName(batch.slot)]
    if tasks.holder_for(batch.compilation, slot, actor) != batch.holder:
        raise NotYoursError
    if batch.status == BatchStatus.SUPERSEDED:
        raise BatchOverError("Lượt ký này đã được thay bằng lượt ký mới hơn.")
    if batch.status == BatchStatus.OPEN and at > batch.expires_at:
        raise BatchOverError("Lượt ký này đã hết hạn, hãy mở lượt ký mới.")
    outcome = complete_items(batch, slot, signatures, by=actor.name, at=at)
    if batch.status == BatchStatus.OPEN and not batch.items.exclude(status=ItemStatus.SIGNED).exists():
        SigningBatch.objects.filter(pk=batch.pk).update(status=BatchStatus.COMPLETED, completed_at=at)
        audit.record(
            tag=workflow.TAG_COMPLETED,
            target=f"batch:{batch.pk}",
            by=actor.name,
            at=at,
            school_code=batch.school_code,
            details={"slot": batch.slot},
        )
    return outcome


def _locked_task(task_id: str, actor: Actor) -> Task:
    task = tasks.find_task(actor, task_id)
    if task is None:
        raise NotYoursError
    records.lock_compilation(task.compilation.pk)
    task = tasks.find_task(actor, task_id)
    if task is None:
        raise NotYoursError
    if not task.ready:
        raise NotReadyError(f"Chưa đến lượt ký: {task.waiting_for}.")
    return task


def _signer(task: Task, certificate: bytes, *, at: datetime) -> signing.Signer:
    """The signer, once the certificate may sign here and now: every reason against it at once."""
    try:
        loaded = certificates.load(certificate)
    except ValueError as error:
        raise CertificateRefusedError(["Không đọc được chứng thư số."]) from error
    signed_at = at.replace(microsecond=0)
    material = trust.material(task.compilation.school_code)
    claim = Claim(
        school=task.compilation.school_code,
        holders=frozenset({task.holder}),
        position=task.slot.position,
    )
    checks = material.check_signer(loaded, claim, at=signed_at)
    problems = [check.detail for check in checks if not check.passed]
    if problems:
        raise CertificateRefusedError(problems)
    _, path = material.chains.check(loaded, extra=(), at=signed_at)
    return signing.Signer(holder=task.holder, certificate=loaded, chain=_between(path), signed_at=signed_at)


def _between(path: tuple[x509.Certificate, ...] | None) -> tuple[x509.Certificate, ...]:
    """Authorities between the signer and the anchor: verifiers have the anchor themselves."""
    return tuple(path[1:-1]) if path else ()


def _supersede(task: Task) -> None:
    SigningBatch.objects.filter(
        compilation_id=task.compilation.pk,
        slot=task.slot.name,
        holder=task.holder,
        status=BatchStatus.OPEN,
    ).update(status=BatchStatus.SUPERSEDED)


def _signed_already(task: Task) -> set[tuple[int, str, str]]:
    """Version, kind and region of what this holder signed in an earlier batch: signed once and for all.

    A batch may be left half done (a token was pulled out, one value was refused); the next one holds the rest.
    """
    return set(
        SigningItem.objects.filter(
            batch__compilation_id=task.compilation.pk,
            slot=task.slot.name,
            holder=task.holder,
            status=ItemStatus.SIGNED,
        ).values_list("version_id", "kind", "region")
    )


def _item(
    batch: SigningBatch, version: TranscriptVersion, prepared: signing.Prepared, signer: signing.Signer
) -> SigningItem:
    return SigningItem(
        school_code=batch.school_code,
        batch_id=batch.pk,
        version_id=version.pk,
        slot=batch.slot,
        holder=batch.holder,
        kind=prepared.kind,
        region=prepared.region,
        to_be_signed=prepared.to_be_signed,
        prepared=prepared.prepared,
        contents=prepared.contents,
        reserved=prepared.reserved,
        status=ItemStatus.PENDING,
        signed=b"",
        signed_at=signer.signed_at,
    )


def _list_digest(items: list[SigningItem]) -> str:
    """SHA-256 over the digests of all bytes to be signed, in order: what the signer authorises."""
    digest = hashlib.sha256()
    for item in items:
        digest.update(hashlib.sha256(item.to_be_signed).digest())
    return digest.hexdigest()


def _title(item: SigningItem, names: dict[int, str]) -> str:
    what = f"môn {item.region}" if item.region else ("bản XML" if item.kind == "xml" else "bản PDF")
    return f"{names[item.version_id]}: {what}"
