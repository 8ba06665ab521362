"""Writing to the archive: once, with its entry in the log and its receipt, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hocba.city.archive import log
from hocba.city.archive.models import ArchivedClassRecord, ArchivedTranscript, CheckpointStamp, StampFailure
from hocba.documents import derived
from hocba.documents.transcript import Digest
from hocba.exchange import messages, transparency
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.platform.tenancy.inserting import insert_rows
from hocba.signing import certificates, instants

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hocba.documents.any_level import AnyTranscript, AnyYearRecord
    from hocba.signing.timestamps import Timestamp

TAG_CLASS_RECORD = "archive:class_record:archived"
TAG_TRANSCRIPT = "archive:transcript:registered"
TAG_STAMPED = "archive:checkpoint:stamped"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedFiles:
    """A validated pair: digests of both files, of the canonical root and of the learning record."""

    xml: Digest
    pdf: Digest
    meaning: Digest
    record: Digest


@transaction.atomic(savepoint=False)
def archive_class_record(
    year: AnyYearRecord,
    *,
    digest: str,
    expected: Mapping[str, derived.Values],
    report: dict[str, Any],
    by: str,
    at: datetime,
) -> None:
    """Keep a validated class record; `digest` is that of its file in the store, `expected` by personal ID."""
    identity = year.identity
    ArchivedClassRecord.objects.create(
        school_code=identity.school.code,
        record_id=identity.id,
        version=identity.version,
        school_year=identity.school_year,
        class_name=identity.class_name,
        digest=digest,
        term_digests=[term.value for _, term in year.terms],
        expected={personal_id: derived.digest_of(values) for personal_id, values in expected.items()},
        expected_values=store.put(derived.to_bytes(expected)),
        accepted_at=at,
        report=report,
    )
    audit.record(
        tag=TAG_CLASS_RECORD,
        target=f"class_record:{identity.id}:{identity.version}",
        by=by,
        at=at,
        school_code=identity.school.code,
    )


@transaction.atomic(savepoint=False)
def archive_transcript(
    transcript: AnyTranscript, files: AcceptedFiles, *, report: dict[str, Any], by: str, at: datetime
) -> bytes:
    """Keep a validated transcript, write it into the log, and give the receipt's octets."""
    moment = at.replace(microsecond=0)
    leaf = transparency.issued_leaf(
        transcript_id=transcript.id,
        version=transcript.version,
        school=transcript.school.code,
        xml=str(files.xml),
        pdf=str(files.pdf),
        accepted_at=instants.iso(moment),
    )
    audit.record(
        tag=TAG_TRANSCRIPT,
        target=f"transcript:{transcript.id}:{transcript.version}",
        by=by,
        at=at,
        school_code=transcript.school.code,
    )
    entry = log.append(leaf, at=at)
    receipt = messages.to_bytes(_receipt(transcript, files, entry, moment))
    row = {
        "school_code": transcript.school.code,
        "transcript_id": str(transcript.id),
        "version": transcript.version,
        "personal_id": transcript.pupil.personal_id,
        "pupil_name": transcript.pupil.name,
        "school_year": transcript.school_year,
        "class_name": transcript.class_name,
        "grade": transcript.grade,
        "xml_digest": files.xml.value,
        "pdf_digest": files.pdf.value,
        "meaning_digest": files.meaning.value,
        "record_digest": files.record.value,
        "class_record_digest": transcript.class_record.value,
        "previous_digest": transcript.previous.value if transcript.previous else "",
        "report": report,
        "leaf_index": entry.index,
        "receipt_digest": store.put(receipt),
        "accepted_at": moment.isoformat(),
    }
    insert_rows(ArchivedTranscript, [row])
    return receipt


@transaction.atomic
def keep_stamp(
    *, size: int, stamp: Timestamp, token: bytes, good_until: datetime, by: str, at: datetime
) -> None:
    """Keep a verified time stamp over the checkpoint of that size; `good_until` as `UnitJudge.good_until` says."""
    CheckpointStamp.objects.create(
        checkpoint_id=size,
        authority=certificates.common_name(stamp.certificate),
        token=token,
        stamped_at=stamp.at,
        algorithm="sha256",
        good_until=good_until,
    )
    audit.record(tag=TAG_STAMPED, target=f"checkpoint:{size}", by=by, at=at)


@transaction.atomic
def keep_stamp_failures(*, size: int, failures: Sequence[tuple[str, str]], at: datetime) -> None:
    """Keep why authorities gave no stamp, each as (host, reason)."""
    StampFailure.objects.bulk_create(
        StampFailure(size=size, host=host[:200], reason=reason[:500], at=at) for host, reason in failures
    )


def append_event(leaf: bytes, *, tag: str, target: str, by: str, at: datetime, school_code: str = "") -> int:
    """Write another event than an issued transcript into the log; gives its place. Call it last."""
    audit.record(tag=tag, target=target, by=by, at=at, school_code=school_code)
    return log.append(leaf, at=at).index


def _receipt(
    transcript: AnyTranscript, files: AcceptedFiles, entry: log.Entry, moment: datetime
) -> messages.Receipt:
    return messages.Receipt(
        transcript_id=transcript.id,
        version=transcript.version,
        school=transcript.school.code,
        xml=files.xml,
        pdf=files.pdf,
        record=files.record,
        class_record=transcript.class_record,
        accepted_at=moment,
        status=messages.RegisterStatus.CURRENT,
        log=messages.LogInclusion(
            index=entry.index,
            size=entry.size,
            root=_digest(entry.root),
            proof=tuple(_digest(step) for step in entry.proof),
            checkpoint=entry.checkpoint,
        ),
    )


def _digest(value: bytes) -> Digest:
    return Digest(algorithm="sha256", value=value.hex())
