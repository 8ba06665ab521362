"""Reading the archive and its log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max

from hocba.city.archive.models import ArchivedClassRecord, ArchivedTranscript, Checkpoint, CheckpointStamp

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How much is archived of a school and year; nothing about any pupil."""

    school_code: str
    school_year: str
    count: int


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


def find_transcript(transcript_id: uuid.UUID, version: int) -> ArchivedTranscript | None:
    """A registered version, without its report."""
    row: ArchivedTranscript | None = (
        ArchivedTranscript.objects.defer("report")
        .filter(transcript_id=transcript_id, version=version)
        .first()
    )
    return row


def get_transcript(pk: int) -> ArchivedTranscript | None:
    """A registered version with its report."""
    row: ArchivedTranscript | None = ArchivedTranscript.objects.filter(pk=pk).first()
    return row


def other_transcript_of(
    personal_id: str, school_year: str, transcript_id: uuid.UUID
) -> ArchivedTranscript | None:
    """A transcript of the same pupil and year under another id: there must be none."""
    row: ArchivedTranscript | None = (
        ArchivedTranscript.objects.defer("report")
        .filter(personal_id=personal_id, school_year=school_year)
        .exclude(transcript_id=transcript_id)
        .first()
    )
    return row


def is_previous_of(xml_digest: str, personal_id: str) -> bool:
    """Whether the digest is that of an archived transcript of the same pupil."""
    return ArchivedTranscript.objects.filter(xml_digest=xml_digest, personal_id=personal_id).exists()


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
    return CheckpointStamp.objects.filter(checkpoint_id__gt=index).order_by("checkpoint_id", "id").first()
