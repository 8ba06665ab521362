"""Embedding signatures: items first, then whatever they complete (state, issued files, messages)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography import x509

from hocba.platform.files import store
from hocba.signing import certificates
from hocba.signing.errors import SigningError
from hocba.transcripts.issuing import counting, jobs, materials, sending, signing, working_bytes
from hocba.transcripts.issuing.workflow import ItemStatus, Kind, Slot, SlotName
from hocba.transcripts.records import actions as recording
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.workflow import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hocba.transcripts.issuing.models import SigningBatch
    from hocba.transcripts.issuing.working_bytes import Item

_DISK_THREADS = 8
MISMATCH = "Giá trị chữ ký không khớp với văn bản và chứng thư số."


@dataclass(slots=True)
class Outcome:
    """How many of the given signatures stand now, and which were refused, why."""

    signed: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def complete_items(
    batch: SigningBatch, slot: Slot, signatures: Mapping[int, bytes], *, by: str, at: datetime
) -> Outcome:
    """Verify each value and embed it, in the caller's transaction and behind its lock."""
    outcome = Outcome()
    items = working_bytes.items_of(batch.pk, signatures)
    lengths = _lengths_before(slot, items.values())
    signer = _signer_of(batch)
    done: dict[int, bytes] = {}
    failed: list[int] = []
    for item_id, value in signatures.items():
        item = items.get(item_id)
        if item is None:
            outcome.refused.append((item_id, "Lượt ký không có văn bản này."))
        elif item.status == ItemStatus.SIGNED:
            outcome.signed += 1
        else:
            try:
                done[item_id] = _finish(item, lengths, signer, value)
                outcome.signed += 1
            except SigningError:
                failed.append(item_id)
                outcome.refused.append((item_id, MISMATCH))
    if failed:
        batch.items.filter(pk__in=failed).update(reason=MISMATCH)
    if done:
        working_bytes.finish_items(done)
        _move_on(batch, slot, {items[item_id].version_id for item_id in done}, by=by, at=at)
    return outcome


def _finish(item: Item, lengths: Mapping[int, int], signer: signing.Signer, value: bytes) -> bytes:
    if item.kind == Kind.XML:
        return signing.complete_xml(item, value)
    return signing.complete_pdf(item, lengths[item.version_id], signer, value)


def _lengths_before(slot: Slot, items: Iterable[Item]) -> dict[int, int]:
    """By version, the length of the PDF that an increment of this slot goes on top of."""
    fresh = [item.version_id for item in items if item.status == ItemStatus.PENDING and item.kind == Kind.PDF]
    return working_bytes.lengths_before(fresh, materials.slots_before(slot.name)) if fresh else {}


def _signer_of(batch: SigningBatch) -> signing.Signer:
    chain = bytes(batch.chain)
    return signing.Signer(
        holder=batch.holder,
        certificate=certificates.load(bytes(batch.certificate)),
        chain=tuple(x509.load_pem_x509_certificates(chain)) if chain else (),
        signed_at=batch.opened_at,
    )


def _move_on(batch: SigningBatch, slot: Slot, touched: set[int], *, by: str, at: datetime) -> None:
    complete = counting.complete_versions(touched, slot)
    if slot.name is SlotName.SEAL:
        _issue(batch, complete, by=by, at=at)
        return
    moved = (
        recording.advance(complete, before=slot.before, after=slot.after, by=by, at=at) if complete else []
    )
    if slot.after is Status.SUBJECTS_SIGNED and moved:
        jobs.render_class.defer(school_code=batch.school_code, compilation_id=batch.compilation_id)


def _issue(batch: SigningBatch, complete: set[int], *, by: str, at: datetime) -> None:
    """Assemble both files of every sealed version, store them, keep their digests, send them."""
    versions = [
        version
        for version in records.versions_in(batch.compilation_id, Status.PRINCIPAL_SIGNED)
        if version.pk in complete
    ]
    files = materials.sealed_files(versions)
    digests = _store(files)
    recording.issue(digests, school_code=batch.school_code, by=by, at=at)
    sending.send(
        (
            sending.SealedFiles(
                version=version,
                xml=files[version.pk][0],
                pdf=files[version.pk][1],
                xml_digest=digests[version.pk][0],
                pdf_digest=digests[version.pk][1],
            )
            for version in versions
        ),
        at=at,
    )


def _store(files: Mapping[int, tuple[bytes, bytes]]) -> dict[int, tuple[str, str]]:
    """Store both files of every version; waiting for the disk is done in parallel."""
    with ThreadPoolExecutor(max_workers=_DISK_THREADS) as pool:
        xml = pool.map(store.put, (xml for xml, _ in files.values()))
        pdf = pool.map(store.put, (pdf for _, pdf in files.values()))
        return dict(zip(files, zip(xml, pdf, strict=True), strict=True))
