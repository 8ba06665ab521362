"""Embedding signatures: items first, then whatever they complete (state, issued files, messages)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography import x509
from django.db.models import Count

from hocba.documents import transcript_xml
from hocba.platform.files import store
from hocba.signing import certificates
from hocba.signing.errors import SigningError
from hocba.transcripts.issuing import jobs, materials, sending, signing, working_bytes
from hocba.transcripts.issuing.models import SigningItem
from hocba.transcripts.issuing.workflow import SLOTS, ItemStatus, Kind, Slot, SlotName
from hocba.transcripts.records import actions as recording
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.workflow import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hocba.transcripts.issuing.models import SigningBatch
    from hocba.transcripts.records.models import TranscriptVersion

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
    items = {item.pk: item for item in batch.items.filter(pk__in=list(signatures))}
    fresh = [item for item in items.values() if item.status == ItemStatus.PENDING]
    befores = _pdfs_before(slot, [item.version_id for item in fresh if item.kind == Kind.PDF])
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
                done[item_id] = _finish(item, befores, signer, value)
                outcome.signed += 1
            except SigningError:
                failed.append(item_id)
                outcome.refused.append((item_id, MISMATCH))
    if failed:
        batch.items.filter(pk__in=failed).update(reason=MISMATCH)
    if done:
        working_bytes.finish_items(done)
        _move_on(batch, slot, [items[item_id] for item_id in done], befores, by=by, at=at)
    return outcome


def _finish(item: SigningItem, befores: dict[int, bytes], signer: signing.Signer, value: bytes) -> bytes:
    if item.kind == Kind.XML:
        item.signed = signing.complete_xml(item, value)
    else:
        item.signed = signing.complete_pdf(item, befores[item.version_id], signer, value)
    return bytes(item.signed)


def _pdfs_before(slot: Slot, version_ids: Iterable[int]) -> dict[int, bytes]:
    """By version, the PDF that the increment of this slot goes on top of."""
    keys = list(version_ids)
    if not keys:
        return {}
    signed = materials.finished(keys, (Kind.PDF,))
    return {
        pk: materials.pdf_before(unsigned, signed[pk], slot.name)
        for pk, (unsigned, _) in working_bytes.renderings(keys).items()
    }


def _signer_of(batch: SigningBatch) -> signing.Signer:
    chain = bytes(batch.chain)
    return signing.Signer(
        holder=batch.holder,
        certificate=certificates.load(bytes(batch.certificate)),
        chain=tuple(x509.load_pem_x509_certificates(chain)) if chain else (),
        signed_at=batch.opened_at,
    )


def _move_on(
    batch: SigningBatch,
    slot: Slot,
    done: list[SigningItem],
    befores: dict[int, bytes],
    *,
    by: str,
    at: datetime,
) -> None:
    touched = sorted({item.version_id for item in done})
    complete = _complete_versions(slot, touched)
    if slot.name is SlotName.SEAL:
        _issue(batch, complete, done, befores, by=by, at=at)
        return
    moved = recording.advance(complete, before=slot.before, after=slot.after, by=by, at=at)
    if slot.after is Status.SUBJECTS_SIGNED and moved:
        jobs.render_class.defer(school_code=batch.school_code, compilation_id=batch.compilation_id)


def _complete_versions(slot: Slot, version_ids: list[int]) -> set[int]:
    """Those of the versions that have every signature of the slot: all rows, or XML and PDF."""
    counts = dict(
        SigningItem.objects.filter(version_id__in=version_ids, slot=slot.name, status=ItemStatus.SIGNED)
        .values_list("version_id")
        .annotate(count=Count("id"))
    )
    if slot.name is not SlotName.SUBJECT:
        return {pk for pk, count in counts.items() if count == len(Kind)}
    needed = records.duties_of(version_ids)
    return {pk for pk, count in counts.items() if count == needed[pk]}


def _issue(
    batch: SigningBatch,
    complete: set[int],
    done: list[SigningItem],
    befores: dict[int, bytes],
    *,
    by: str,
    at: datetime,
) -> None:
    """Assemble both files of every sealed version, store them, keep their digests, send them."""
    versions = [
        version
        for version in records.versions_in(batch.compilation_id, Status.PRINCIPAL_SIGNED)
        if version.pk in complete
    ]
    xml_files = _xml_files(versions)
    pdf_files = _pdf_files(versions, done, befores)
    digests = _store(xml_files, pdf_files)
    recording.issue(digests, school_code=batch.school_code, by=by, at=at)
    sending.send(
        (
            sending.SealedFiles(
                version=version,
                xml=xml_files[version.pk],
                pdf=pdf_files[version.pk],
                xml_digest=digests[version.pk][0],
                pdf_digest=digests[version.pk][1],
            )
            for version in versions
        ),
        at=at,
    )


def _store(xml_files: dict[int, bytes], pdf_files: dict[int, bytes]) -> dict[int, tuple[str, str]]:
    """Store both files of every version; waiting for the disk is done in parallel."""
    with ThreadPoolExecutor(max_workers=_DISK_THREADS) as pool:
        xml = pool.map(store.put, xml_files.values())
        pdf = pool.map(store.put, (pdf_files[pk] for pk in xml_files))
        return dict(zip(xml_files, zip(xml, pdf, strict=True), strict=True))


def _pdf_files(
    versions: list[TranscriptVersion], done: list[SigningItem], befores: dict[int, bytes]
) -> dict[int, bytes]:
    """The sealed PDFs: what is at hand from this call, the rest read."""
    seals = {item.version_id: bytes(item.signed) for item in done if item.kind == Kind.PDF}
    missing = [version.pk for version in versions if version.pk not in seals]
    befores = befores | _pdfs_before(SLOTS[SlotName.SEAL], missing)
    seals |= {
        pk: parts[SlotName.SEAL, Kind.PDF, "", versions[0].school_code]
        for pk, parts in materials.finished(missing, (Kind.PDF,)).items()
    }
    return {version.pk: befores[version.pk] + seals[version.pk] for version in versions}


def _xml_files(versions: list[TranscriptVersion]) -> dict[int, bytes]:
    keys = [version.pk for version in versions]
    octets = records.records_of(keys)
    presentations = working_bytes.presentations(keys)
    signed = materials.finished(keys, (Kind.XML,))
    found: dict[int, bytes] = {}
    for version in versions:
        parts = signed[version.pk]
        seal = next(part for key, part in parts.items() if key[0] == SlotName.SEAL)
        found[version.pk] = transcript_xml.assemble(
            octets[version.pk],
            presentations[version.pk],
            materials.xml_signatures(version, parts, seal=seal),
        )
    return found
