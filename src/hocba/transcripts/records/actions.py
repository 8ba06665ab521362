"""Every change a transcript version can undergo."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from hocba.documents import compile as compiling
from hocba.documents import transcript_xml
from hocba.documents.transcript import Digest
from hocba.platform.audit import actions as audit
from hocba.transcripts.records import queries, workflow
from hocba.transcripts.records.errors import AlreadyCompiledError, ParticularsError, RecordsError
from hocba.transcripts.records.models import (
    Compilation,
    CompiledRecord,
    IssuedTranscript,
    Receipt,
    Refusal,
    TranscriptVersion,
)
from hocba.transcripts.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from hocba.documents.any_level import AnyTranscript
    from hocba.documents.class_tree import ClassRecordTree

__all__ = [
    "AlreadyCompiledError",
    "NewReceipt",
    "ParticularsError",
    "RecordsError",
    "advance",
    "compile_class",
    "issue",
    "keep_receipts",
    "keep_refusal",
]


@transaction.atomic
def compile_class(tree: ClassRecordTree, *, by: str, at: datetime) -> int:
    """Make one transcript for every pupil of a sealed class record; the compilation's row id.

    The caller has verified the record. Doing it again with the same record changes nothing. Raises
    AlreadyCompiledError, ParticularsError, documents.transcript_xml.UnwritableValue.
    """
    identity = tree.year.identity
    known = queries.find_compilation(identity.school.code, identity.school_year, identity.class_name)
    if known is not None:
        if known.class_record_digest == tree.year_file.value:
            return int(known.pk)
        raise AlreadyCompiledError("học bạ của lớp đã được lập từ một sổ lớp khác")
    transcripts = _transcripts(tree)
    compilation = Compilation.objects.create(
        school_code=identity.school.code,
        class_record_id=identity.id,
        class_record_version=identity.version,
        class_record_digest=tree.year_file.value,
        school_year=identity.school_year,
        class_name=identity.class_name,
        grade=identity.grade,
        homeroom_code=tree.year.homeroom_teacher.code,
        principal_code=tree.year.principal.code,
        subject_teachers=_signatures_by_teacher(transcripts),
        compiled_at=at,
    )
    _write_versions(compilation, transcripts)
    _record(transcripts, workflow.Status.COMPILED, by=by, at=at)
    return int(compilation.pk)


@transaction.atomic(savepoint=False)
def advance(
    version_ids: Iterable[int],
    *,
    before: workflow.Status,
    after: workflow.Status,
    by: str,
    at: datetime,
    tag: str = "",
) -> list[int]:
    """Move those of the versions that are in state `before`; their row ids. `tag` is what the trail calls it."""
    workflow.check(before, after)
    rows = list(
        TranscriptVersion.objects.select_for_update()
        .filter(pk__in=list(version_ids), status=before)
        .order_by("pk")
        .values_list("pk", "transcript_id", "version", "school_code")
    )
    TranscriptVersion.objects.filter(pk__in=[row[0] for row in rows]).update(status=after)
    for school_code, targets in _by_school((row[3], row[1], row[2]) for row in rows):
        audit.record_all(
            targets=targets, tag=tag or workflow.TAGS[after], by=by, at=at, school_code=school_code
        )
    return [row[0] for row in rows]


@transaction.atomic(savepoint=False)
def issue(files: Mapping[int, tuple[str, str]], *, school_code: str, by: str, at: datetime) -> None:
    """Keep the sealed files of versions: by row id, digests of XML and PDF in the file store."""
    IssuedTranscript.objects.bulk_create(
        IssuedTranscript(
            school_code=school_code,
            version_id=version_id,
            xml_digest=xml_digest,
            pdf_digest=pdf_digest,
            issued_at=at,
            issued_by=by,
        )
        for version_id, (xml_digest, pdf_digest) in files.items()
    )
    advance(files, before=workflow.Status.PRINCIPAL_SIGNED, after=workflow.Status.SEALED, by=by, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReceipt:
    """The city's receipt for a version, by row id: the digest of its octets in the file store."""

    version: int
    digest: str
    accepted_at: datetime


@transaction.atomic(savepoint=False)
def keep_receipts(receipts: Sequence[NewReceipt], *, by: str, at: datetime) -> None:
    """Keep the city's receipts; the versions are archived. Again, it changes nothing."""
    by_version = {receipt.version: receipt for receipt in receipts}
    rows = TranscriptVersion.objects.select_for_update().filter(pk__in=by_version).order_by("pk")
    waiting = [row for row in rows if row.status != workflow.Status.ARCHIVED]
    for row in waiting:
        workflow.check(workflow.Status(row.status), workflow.Status.ARCHIVED)
    Receipt.objects.bulk_create(
        Receipt(
            school_code=row.school_code,
            version=row,
            digest=by_version[row.pk].digest,
            accepted_at=by_version[row.pk].accepted_at,
        )
        for row in waiting
    )
    _move(waiting, workflow.Status.ARCHIVED, by=by, at=at)


@transaction.atomic
def keep_refusal(
    version_id: int,
    *,
    status_code: int,
    title: str,
    problems: list[dict[str, str]],
    by: str,
    at: datetime,
) -> None:
    """Keep why the city refused a version."""
    row = TranscriptVersion.objects.select_for_update().get(pk=version_id)
    workflow.check(workflow.Status(row.status), workflow.Status.REFUSED_BY_CITY)
    Refusal.objects.create(
        school_code=row.school_code,
        version=row,
        status_code=status_code,
        title=title[:300],
        problems=problems,
        refused_at=at,
    )
    _move([row], workflow.Status.REFUSED_BY_CITY, by=by, at=at)


def target_of(transcript_id: uuid.UUID | str, version: int) -> str:
    """How the audit trail names a version."""
    return f"transcript:{transcript_id}:{version}"


def _move(rows: Sequence[TranscriptVersion], status: workflow.Status, *, by: str, at: datetime) -> None:
    """New state and trail of locked rows."""
    TranscriptVersion.objects.filter(pk__in=[row.pk for row in rows]).update(status=status)
    for school_code, targets in _by_school((row.school_code, row.transcript_id, row.version) for row in rows):
        audit.record_all(targets=targets, tag=workflow.TAGS[status], by=by, at=at, school_code=school_code)


def _by_school(rows: Iterable[tuple[str, uuid.UUID, int]]) -> list[tuple[str, list[str]]]:
    """Names of versions in the audit trail, by school."""
    found: dict[str, list[str]] = {}
    for school_code, transcript_id, version in rows:
        found.setdefault(school_code, []).append(target_of(transcript_id, version))
    return sorted(found.items())


def _transcripts(tree: ClassRecordTree) -> list[AnyTranscript]:
    identity = tree.year.identity
    personal_ids = [row.personal_id for row in tree.year.rows]
    earlier = queries.previous_digests(identity.school.code, identity.school_year, personal_ids)
    try:
        return compiling.transcripts_of(
            tree,
            roster.particulars_of(identity.school.code, personal_ids),
            # Random: an id made of the personal ID would let anybody look a pupil up in the public log.
            ids=lambda _personal_id: str(uuid.uuid4()),
            additions={
                personal_id: compiling.Additions(previous=Digest(algorithm="sha256", value=digest))
                for personal_id, digest in earlier.items()
            },
        )
    except compiling.InconsistentClassRecord as error:
        raise ParticularsError(error.problems) from error


def _duties(transcript: AnyTranscript) -> list[tuple[str, str]]:
    """The same pairs, in the same order, as `transcript_xml.expected_subject_signatures`."""
    return [(teacher.code, row.code) for row in transcript.subjects for teacher in row.teachers]


def _signatures_by_teacher(transcripts: Iterable[AnyTranscript]) -> dict[str, int]:
    return dict(Counter(code for transcript in transcripts for code, _ in _duties(transcript)))


def _write_versions(compilation: Compilation, transcripts: list[AnyTranscript]) -> None:
    octets = [transcript_xml.record_xml(transcript) for transcript in transcripts]
    versions = TranscriptVersion.objects.bulk_create(
        TranscriptVersion(
            school_code=compilation.school_code,
            compilation=compilation,
            transcript_id=transcript.id,
            version=transcript.version,
            personal_id=transcript.pupil.personal_id,
            pupil_code=transcript.pupil.code,
            pupil_name=transcript.pupil.name,
            school_year=transcript.school_year,
            position=position,
            record_digest=transcript_xml.record_digest(record).value,
            duties=_duties(transcript),
            status=workflow.Status.COMPILED,
        )
        for position, (transcript, record) in enumerate(zip(transcripts, octets, strict=True), start=1)
    )
    CompiledRecord.objects.bulk_create(
        CompiledRecord(school_code=compilation.school_code, version=version, content=record)
        for version, record in zip(versions, octets, strict=True)
    )


def _record(transcripts: list[AnyTranscript], status: workflow.Status, *, by: str, at: datetime) -> None:
    audit.record_all(
        targets=[target_of(transcript.id, transcript.version) for transcript in transcripts],
        tag=workflow.TAGS[status],
        by=by,
        at=at,
        school_code=transcripts[0].school.code,
    )
