"""Reading the archive and its log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Max, Q

from hocba.city.archive.models import (
    ArchivedClassRecord,
    ArchivedTranscript,
    Checkpoint,
    CheckpointStamp,
    LogLeaf,
    StampFailure,
)
from hocba.platform.files import store

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from hocba.documents import derived
    from hocba.documents.class_record import ClassIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How much is archived of a school and year; nothing about any pupil."""

    school_code: str
    school_year: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierTranscript:
    """A registered transcript of an earlier year: the digest of its XML, and when the city accepted it."""

    transcript_id: uuid.UUID
    school_year: str
    xml_digest: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """Another transcript of the same pupil and year (there must be none), and the newest of earlier years.

    `newest_here` is that of the same school, `newest` that of whichever school.
    """

    other_transcript: uuid.UUID | None
    newest: EarlierTranscript | None
    newest_here: EarlierTranscript | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredFiles:
    """Digests of the files of a registered version and of its receipt."""

    xml: str
    pdf: str
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRecordFacts:
    """What the transcripts of a sealed record must say: digests by personal ID, and the file with the values."""

    expected: Mapping[str, str]
    expected_values: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedTranscript:
    """A registered version and its place in the log."""

    leaf_index: int
    school_code: str
    transcript_id: uuid.UUID
    version: int
    xml_digest: str
    pdf_digest: str


# Row-level security binds these statements like all others: what the scope hides is not found.
_REGISTERED = """
select xml_digest, pdf_digest, receipt_digest from city_archive_archivedtranscript
where transcript_id = %s and version = %s
"""

_OF_PUPIL = """
select transcript_id, school_year, xml_digest, accepted_at, school_code
from city_archive_archivedtranscript
where personal_id = %s and school_year <= %s order by school_year desc, version desc
"""

_NEWER = """
select newer.version from city_archive_archivedclassrecord mine
join city_archive_archivedclassrecord newer
  on (newer.school_code, newer.school_year, newer.class_name)
   = (mine.school_code, mine.school_year, mine.class_name)
where mine.digest = %s and newer.version > mine.version
order by newer.version desc limit 1
"""

_REMEMBERED = 512
_class_records: dict[str, ClassRecordFacts] = {}


def get_class_record(digest: str) -> ArchivedClassRecord | None:
    """The class record whose sealed year file has the digest."""
    row: ArchivedClassRecord | None = ArchivedClassRecord.objects.filter(digest=digest).first()
    return row


def find_class_record(record_id: uuid.UUID, version: int) -> ArchivedClassRecord | None:
    """The class record of an id and version."""
    row: ArchivedClassRecord | None = ArchivedClassRecord.objects.filter(
        record_id=record_id, version=version
    ).first()
    return row


def one_class_record_at_a_time(identity: ClassIdentity) -> None:
    """Wait for whoever registers a record of the same class, until the transaction ends."""
    place = f"{identity.school.code}:{identity.school_year}:{identity.class_name.casefold()}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 40))", [place])


def other_class_record(identity: ClassIdentity) -> ArchivedClassRecord | None:
    """A record of the same class under another id, or of another class under the same id."""
    place = Q(
        school_code=identity.school.code,
        school_year=identity.school_year,
        class_name__iexact=identity.class_name,
    )
    name = Q(record_id=identity.id)
    row: ArchivedClassRecord | None = ArchivedClassRecord.objects.filter(
        (place & ~name) | (name & ~place)
    ).first()
    return row


def newer_class_record(digest: str) -> int | None:
    """The newest version of the record of a class, when it is not the one of the digest."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWER, [digest])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def find_transcript(transcript_id: uuid.UUID, version: int) -> ArchivedTranscript | None:
    """A registered version, without its report."""
    row: ArchivedTranscript | None = (
        ArchivedTranscript.objects.defer("report")
        .filter(transcript_id=transcript_id, version=version)
        .first()
    )
    return row


def newest_version(transcript_id: uuid.UUID) -> int | None:
    """The highest registered version of a transcript."""
    found: int | None = ArchivedTranscript.objects.filter(transcript_id=transcript_id).aggregate(
        newest=Max("version")
    )["newest"]
    return found


def get_transcript(pk: int) -> ArchivedTranscript | None:
    """A registered version with its report."""
    row: ArchivedTranscript | None = ArchivedTranscript.objects.filter(pk=pk).first()
    return row


def find_registered(transcript_id: uuid.UUID, version: int) -> RegisteredFiles | None:
    """What is registered under a name, for who asks with every message."""
    with connection.cursor() as cursor:
        cursor.execute(_REGISTERED, [transcript_id, version])
        row = cursor.fetchone()
    return None if row is None else RegisteredFiles(xml=row[0], pdf=row[1], receipt=row[2])


def register_facts(
    *, transcript_id: uuid.UUID, personal_id: str, school_year: str, school_code: str
) -> RegisterFacts:
    """What is registered that a transcript has to fit, with one statement: a pupil has a row a year."""
    other, earlier, here = None, [], []
    with connection.cursor() as cursor:
        cursor.execute(_OF_PUPIL, [personal_id, school_year])
        for found_id, year, digest, accepted_at, school in cursor.fetchall():
            if year == school_year:
                other = other or (found_id if found_id != transcript_id else None)
                continue
            found = EarlierTranscript(
                transcript_id=found_id, school_year=year, xml_digest=digest, accepted_at=accepted_at
            )
            earlier.append(found)
            if school == school_code:
                here.append(found)
    return RegisterFacts(
        other_transcript=other,
        newest=earlier[0] if earlier else None,
        newest_here=here[0] if here else None,
    )


def class_record_facts(digest: str) -> ClassRecordFacts | None:
    """What transcripts are compared with in the class record of a digest; remembered, since rows never change."""
    if digest not in _class_records:
        row = get_class_record(digest)
        if row is None:
            return None
        if len(_class_records) >= _REMEMBERED:
            _class_records.clear()
        _class_records[digest] = ClassRecordFacts(
            expected=row.expected, expected_values=row.expected_values, accepted_at=row.accepted_at
        )
    return _class_records[digest]


def expected_values(facts: ClassRecordFacts, personal_id: str) -> derived.Values:
    """What the transcript of a pupil must say; slow, for telling what is wrong."""
    found: derived.Values = json.loads(store.get(facts.expected_values))[personal_id]
    return found


def forget() -> None:
    """Drop what is remembered, e.g. when the database behind it is another one."""
    _class_records.clear()


def list_transcripts_of_pupil(personal_id: str) -> QuerySet[ArchivedTranscript]:
    """Everything registered for a personal ID, newest year first."""
    rows: QuerySet[ArchivedTranscript] = (
        ArchivedTranscript.objects.defer("report")
        .filter(personal_id=personal_id)
        .order_by("-school_year", "-version")
    )
    return rows


def list_figures() -> list[Figures]:
    """Counts by school and year."""
    rows = (
        ArchivedTranscript.objects.values("school_code", "school_year")
        .annotate(count=Count("id"))
        .order_by("school_code", "-school_year")
    )
    return [Figures(**row) for row in rows]


def newest_checkpoint() -> Checkpoint | None:
    """The checkpoint over everything logged so far."""
    return Checkpoint.objects.order_by("-size").first()


def newest_stamped_size() -> int:
    """Size of the newest checkpoint that has a time stamp, or 0."""
    found: int | None = CheckpointStamp.objects.aggregate(newest=Max("checkpoint_id"))["newest"]
    return found or 0


def stamp_over(index: int) -> CheckpointStamp | None:
    """The earliest time stamp that covers a leaf."""
    return (
        CheckpointStamp.objects.select_related("checkpoint")
        .filter(checkpoint_id__gt=index)
        .order_by("checkpoint_id", "id")
        .first()
    )


def newest_stamp() -> CheckpointStamp | None:
    """The stamp over the largest checkpoint."""
    return CheckpointStamp.objects.order_by("-checkpoint_id", "-id").first()


def newest_stamp_failure() -> StampFailure | None:
    """Why an authority last gave no stamp."""
    return StampFailure.objects.order_by("-at").first()


def leaf_contents(indexes: Iterable[int]) -> dict[int, bytes]:
    """The exact octets of leaves, by their place in the log."""
    rows = LogLeaf.objects.filter(index__in=list(indexes)).values_list("index", "content")
    return {index: bytes(content) for index, content in rows}


def reports_of(leaf_indexes: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The validations at acceptance of registered versions, by their place in the log."""
    rows = ArchivedTranscript.objects.filter(leaf_index__in=list(leaf_indexes))
    return dict(rows.values_list("leaf_index", "report"))


def registered_between(after: int, below: int, *, limit: int) -> list[LoggedTranscript]:
    """Registered versions whose place in the log is above one and below another, in the order of the log."""
    rows = (
        ArchivedTranscript.objects.filter(leaf_index__gt=after, leaf_index__lt=below)
        .order_by("leaf_index")
        .values("leaf_index", "school_code", "transcript_id", "version", "xml_digest", "pdf_digest")
    )
    return [LoggedTranscript(**row) for row in rows[:limit]]
