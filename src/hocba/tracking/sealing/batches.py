"""Opening a batch: fix what is to be signed and write it down before anybody sees it."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hocba.documents import class_record_xml
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.signing import certificates, xmldsig
from hocba.signing.approvals import Claim
from hocba.signing.errors import UnsupportedKeyError
from hocba.tracking.gradebook import sheets as gradebook_sheets
from hocba.tracking.roster import trust
from hocba.tracking.sealing import ending, files, tasks, workflow
from hocba.tracking.sealing.errors import CertificateRefusedError, NotYoursError, OrderError
from hocba.tracking.sealing.freezing import target_of
from hocba.tracking.sealing.locks import lock_classes
from hocba.tracking.sealing.models import BatchItem, Document, SigningBatch
from hocba.tracking.sealing.workflow import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from cryptography import x509

    from hocba.platform.accounts.actor import Actor

__all__ = ["CertificateRefusedError", "NotYoursError", "Opened", "OrderError", "open_batch"]

TIME_TO_SIGN = timedelta(minutes=30)
LARGEST_BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A batch as the signer gets it."""

    batch: SigningBatch
    items: tuple[BatchItem, ...]


@transaction.atomic
def open_batch(*, actor: Actor, task: str, certificate: bytes, at: datetime) -> Opened:
    """Freeze the list of documents of a task that can be signed now; a newer batch replaces an open one.

    Sheets of the gradebook that stand in the documents are closed from here on. Raises NotYoursError,
    CertificateRefusedError, OrderError (nothing can be signed now, with the reason).
    """
    key = tasks.TaskKey.parse(task)
    if not actor.may(workflow.PERMISSIONS[key.slot]):
        raise NotYoursError("Việc ký số này không thuộc vai trò của bạn.")
    signer = tasks.signer_code(actor, key.slot)
    leaf = _certificate(certificate)
    _check_certificate(leaf, actor.school_code, signer, key.slot, at=at)
    documents = _lock_documents(actor, key, by=actor.name, at=at)
    superseded = _supersede(actor, key)
    batch = SigningBatch(
        uuid=uuid.uuid4(),
        school_code=actor.school_code,
        task=str(key),
        slot=key.slot,
        by=actor.name,
        holder=signer,
        certificate=certificates.to_der(leaf),
        signed_at=at,
        expires_at=at + TIME_TO_SIGN,
    )
    items = tuple(_item(batch, document, leaf, at=at) for document in documents)
    batch.digest = _digest_of(items)
    batch.save()
    BatchItem.objects.bulk_create(items)
    ending.free_sheets(superseded, by=actor.name, at=at)
    audit.record_all(
        targets=[target_of(document) for document in documents],
        tag=workflow.Tag.BATCH_OPENED,
        by=actor.name,
        at=at,
        school_code=actor.school_code,
        details={"batch": str(batch.uuid), "slot": key.slot.value},
    )
    return Opened(batch=batch, items=items)


def _certificate(content: bytes) -> x509.Certificate:
    try:
        return certificates.load(content)
    except ValueError as error:
        raise CertificateRefusedError("Không đọc được chứng thư số gửi lên.") from error


def _check_certificate(
    leaf: x509.Certificate, school_code: str, signer: str, slot: Slot, *, at: datetime
) -> None:
    """Issued by a trusted authority, valid, not revoked, approved for signer, school and position (Điều 21.8)."""
    claim = Claim(school=school_code, holders=frozenset({signer}), position=workflow.POSITIONS[slot])
    checks = trust.material(school_code).check_signer(leaf, claim, at=at)
    problems = [check.detail for check in checks if not check.passed]
    if problems:
        raise CertificateRefusedError(" ".join(problems))


def _lock_documents(actor: Actor, key: tasks.TaskKey, *, by: str, at: datetime) -> list[Document]:
    """The documents that can be signed, locked; sheets first, in the order everybody locks them."""
    names = set(tasks.ready_documents(actor, key).order_by().values_list("class_name", flat=True))
    names |= _classes_of_open_batch(actor, key)
    lock_classes(actor.school_code, key.school_year, names)
    candidates = list(tasks.ready_documents(actor, key).filter(class_name__in=names)[:LARGEST_BATCH])
    sheets = {
        (name, code, term) for document in candidates for name, code, term, _ in document.sheet_versions
    }
    locked_sheets = gradebook_sheets.lock(actor.school_code, key.school_year, sheets)
    wanted = [document.pk for document in candidates]
    locked = tasks.ready_documents(actor, key).filter(pk__in=wanted).select_for_update(of=("self",))
    versions = {sheet_key: sheet.version for sheet_key, sheet in locked_sheets.items()}
    fresh: list[Document] = []
    stale: list[Document] = []
    for document in locked:
        (fresh if _is_fresh(document, versions) else stale).append(document)
    if not fresh:
        raise OrderError(_why_nothing(actor, key, stale))
    needed = {(name, code, term) for document in fresh for name, code, term, _ in document.sheet_versions}
    gradebook_sheets.close([locked_sheets[each] for each in sorted(needed)], by=by, at=at)
    return fresh


def _classes_of_open_batch(actor: Actor, key: tasks.TaskKey) -> set[str]:
    """Classes of the batch that will be replaced: its sheets may have to be opened again."""
    items = BatchItem.objects.filter(
        batch__school_code=actor.school_code,
        batch__task=str(key),
        batch__by=actor.name,
        batch__state=SigningBatch.State.OPEN,
    )
    return set(items.values_list("document__class_name", flat=True))


def _is_fresh(document: Document, versions: dict[gradebook_sheets.Key, int]) -> bool:
    """Whether the gradebook still says what was frozen: marks may change until somebody starts to sign."""
    return all(versions[name, code, term] == version for name, code, term, version in document.sheet_versions)


def _why_nothing(actor: Actor, key: tasks.TaskKey, stale: Sequence[Document]) -> str:
    if stale:
        titles = "; ".join(tasks.title_of(document) for document in stale[:5])
        return f"Dữ liệu đã thay đổi sau khi đối chiếu, cần đối chiếu lại trước khi ký: {titles}."
    task = next((each for each in tasks.tasks_of(actor) if each.key == key), None)
    if task is None:
        return tasks.why_not_yet(actor.school_code, key) or "Không còn sổ nào chờ bạn ký trong việc này."
    return f"Chưa ký được: {task.waiting_for}."


def _supersede(actor: Actor, key: tasks.TaskKey) -> list[SigningBatch]:
    rows = SigningBatch.objects.filter(
        school_code=actor.school_code, task=str(key), by=actor.name, state=SigningBatch.State.OPEN
    )
    superseded = list(rows)
    rows.update(state=SigningBatch.State.SUPERSEDED)
    return superseded


def _item(batch: SigningBatch, document: Document, leaf: x509.Certificate, *, at: datetime) -> BatchItem:
    slot = Slot(batch.slot)
    signature_id = f"ck-{uuid.uuid4()}"
    try:
        prepared = xmldsig.prepare(
            signature_id=signature_id, regions=[region_of(document, slot)], signed_at=at, certificate=leaf
        )
    except UnsupportedKeyError as error:
        raise CertificateRefusedError("Khoá của chứng thư số không thuộc loại được phép dùng.") from error
    return BatchItem(
        school_code=document.school_code,
        batch=batch,
        document=document,
        signature_id=signature_id,
        title=tasks.title_of(document),
        base_digest=base_digest(document, slot),
        to_be_signed=prepared.to_be_signed,
        prepared=prepared.xml,
    )


def base_digest(document: Document, slot: Slot) -> str:
    """What a signature in the slot stands on: the region, or for the seal the whole file so far."""
    return document.file_digest if slot is Slot.SEAL else document.data_digest


def region_of(document: Document, slot: Slot) -> xmldsig.Region:
    """What a signature in the slot covers."""
    if slot is not Slot.SEAL:
        identifier = class_record_xml.data_id(str(document.uuid), document.version)
        return xmldsig.Region(f"#{identifier}", store.get(document.data_digest))
    return xmldsig.Region(xmldsig.WHOLE_DOCUMENT, files.canonical_of(store.get(document.file_digest)))


def _digest_of(items: Iterable[BatchItem]) -> str:
    """One digest over the whole frozen list: what a single authorisation of a remote key covers."""
    frozen = [[item.signature_id, hashlib.sha256(item.to_be_signed).hexdigest()] for item in items]
    return hashlib.sha256(json.dumps(frozen).encode()).hexdigest()
