"""Reading compilations and versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import F

from hocba.platform.tenancy import statements
from hocba.transcripts.records.models import Compilation, IssuedTranscript, TranscriptVersion
from hocba.transcripts.records.workflow import Status

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from django.db.models import QuerySet

_COUNTS = """
select compilation_id, status, count(*) from transcripts_records_transcriptversion
where compilation_id = any(%b::bigint[]) group by compilation_id, status
"""

_RECORDS = (
    "select version_id, content from transcripts_records_compiledrecord where version_id = any(%b::bigint[])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCounts:
    """A class and how many of its transcripts are in which state; no name, no value."""

    compilation: Compilation
    counts: dict[Status, int] = field(default_factory=dict)


def find_compilation(school_code: str, school_year: str, class_name: str) -> Compilation | None:
    """The newest compilation of a class."""
    row: Compilation | None = (
        Compilation.objects.filter(school_code=school_code, school_year=school_year, class_name=class_name)
        .order_by("-class_record_version")
        .first()
    )
    return row


def get_compilation(pk: int) -> Compilation | None:
    """A compilation in scope."""
    return next(iter(statements.rows(Compilation, "id = %b", [pk])), None)


def lock_compilation(pk: int) -> Compilation | None:
    """The same, locked until the transaction ends: signing in a class is one after the other."""
    return next(iter(statements.rows(Compilation, "id = %b", [pk], lock=True)), None)


def list_compilations() -> list[Compilation]:
    """Compilations in scope: newest year first, then by grade and class."""
    return statements.rows(Compilation, "true", [], order="school_code, school_year desc, grade, class_name")


def list_class_counts() -> list[ClassCounts]:
    """Every class in scope with its counts by state."""
    compilations = list_compilations()
    found = counts_by_class(row.pk for row in compilations)
    return [ClassCounts(compilation=row, counts=found[row.pk]) for row in compilations]


def counts_by_class(compilation_ids: Iterable[int]) -> dict[int, dict[Status, int]]:
    """How many versions of each of these compilations are in which state."""
    found: dict[int, dict[Status, int]] = {pk: {} for pk in compilation_ids}
    for pk, status, count in statements.fetch(_COUNTS, [list(found)]):
        found[pk][Status(status)] = count
    return found


def counts_of(compilation_id: int) -> dict[Status, int]:
    """The same of one compilation."""
    return counts_by_class([compilation_id])[compilation_id]


def list_versions(compilation_id: int) -> QuerySet[TranscriptVersion]:
    """Versions of a compilation in the order of the class record."""
    rows: QuerySet[TranscriptVersion] = (
        TranscriptVersion.objects.filter(compilation_id=compilation_id)
        .select_related("issued", "receipt")
        .order_by("position")
    )
    return rows


def list_school_versions() -> QuerySet[TranscriptVersion]:
    """Every version in scope, by class and position."""
    rows: QuerySet[TranscriptVersion] = TranscriptVersion.objects.select_related(
        "compilation", "issued", "receipt"
    ).order_by("-school_year", "compilation__grade", "compilation__class_name", "position")
    return rows


def get_version(transcript_id: uuid.UUID, version: int) -> TranscriptVersion | None:
    """A version in scope with its class, files and receipt."""
    row: TranscriptVersion | None = (
        TranscriptVersion.objects.select_related("compilation", "issued", "receipt")
        .filter(transcript_id=transcript_id, version=version)
        .first()
    )
    return row


def is_newest(version: TranscriptVersion) -> bool:
    """Whether no later version of the transcript is archived."""
    later = TranscriptVersion.objects.filter(
        transcript_id=version.transcript_id, version__gt=version.version, status=Status.ARCHIVED
    )
    return not later.exists()


def list_years_of(version: TranscriptVersion) -> list[TranscriptVersion]:
    """The newest archived version of every year of the same pupil at the same school, in the order of the years."""
    rows = (
        TranscriptVersion.objects.filter(
            school_code=version.school_code, personal_id=version.personal_id, status=Status.ARCHIVED
        )
        .select_related("compilation", "issued", "receipt")
        .order_by("school_year", "-version")
        .distinct("school_year")
    )
    return list(rows)


def get_version_by_pk(pk: int) -> TranscriptVersion:
    """A version by row id, with its files."""
    row: TranscriptVersion = TranscriptVersion.objects.select_related("issued").get(pk=pk)
    return row


def versions_by_pk(pks: Iterable[int]) -> dict[int, TranscriptVersion]:
    """Versions by row id."""
    found: dict[int, TranscriptVersion] = TranscriptVersion.objects.in_bulk(sorted(pks))
    return found


def versions_of(compilation_id: int) -> list[TranscriptVersion]:
    """All versions of a compilation, in the order of the class record."""
    return statements.rows(TranscriptVersion, "compilation_id = %b", [compilation_id], order="position")


def versions_in(compilation_id: int, status: Status) -> list[TranscriptVersion]:
    """Versions of a compilation in one state, in the same order."""
    where = "compilation_id = %b and status = %t"
    return statements.rows(TranscriptVersion, where, [compilation_id, str(status)], order="position")


def records_of(version_ids: Iterable[int]) -> dict[int, bytes]:
    """Canonical octets of the learning records, by row id of the version."""
    return dict(statements.fetch(_RECORDS, [list(version_ids)]))


def previous_digests(school_code: str, school_year: str, personal_ids: Iterable[str]) -> dict[str, str]:
    """Digest of each pupil's newest transcript of an earlier year at this school, by personal ID (R185)."""
    rows = (
        IssuedTranscript.objects.filter(
            school_code=school_code,
            version__personal_id__in=list(personal_ids),
            version__school_year__lt=school_year,
            version__status=Status.ARCHIVED,
        )
        .order_by("version__school_year", "version__version")
        .values_list(F("version__personal_id"), "xml_digest")
    )
    return dict(rows)
