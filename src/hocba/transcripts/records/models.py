"""Compilations of a class, versions of transcripts, and what was issued and answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hocba.platform.tenancy.rows import AppendOnly, SchoolScoped
from hocba.transcripts.records.workflow import Status


class Compilation(SchoolScoped):
    """The transcripts of one class and year, made from one sealed class record.

    `subject_teachers` counts by staff code how many signatures of theirs the whole set needs.
    """

    class_record_id = models.UUIDField()
    class_record_version = models.PositiveIntegerField()
    class_record_digest = models.CharField(max_length=64, unique=True)
    school_year = models.CharField(max_length=9)
    class_name = models.CharField(max_length=50)
    grade = models.PositiveSmallIntegerField()
    homeroom_code = models.CharField(max_length=30)
    principal_code = models.CharField(max_length=30)
    subject_teachers = models.JSONField()
    compiled_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "school_year", "class_name", "class_record_version"],
                name="transcripts_class_compiled_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.class_name} {self.school_year}"


class TranscriptVersion(SchoolScoped):
    """One version of one pupil's transcript. Only `status` ever changes: a trigger refuses everything else.

    `duties` are the subject signatures it needs, in file order: pairs of staff code and subject code.
    """

    compilation = models.ForeignKey(Compilation, on_delete=models.PROTECT, related_name="versions")
    transcript_id = models.UUIDField()
    version = models.PositiveIntegerField()
    personal_id = models.CharField(max_length=12)
    pupil_code = models.CharField(max_length=30)
    pupil_name = models.CharField(max_length=200)
    school_year = models.CharField(max_length=9)
    position = models.PositiveSmallIntegerField()
    record_digest = models.CharField(max_length=64)
    duties = models.JSONField()
    status = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Status])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transcript_id", "version"], name="transcripts_version_once"),
            models.UniqueConstraint(
                fields=["school_code", "personal_id", "school_year", "version"],
                name="transcripts_one_a_pupil_and_year",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="transcripts_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.transcript_id} v{self.version} {self.status}"


class CompiledRecord(SchoolScoped, AppendOnly):
    """The canonical octets of the learning record: what everybody signs. Fixed when compiled."""

    version = models.OneToOneField(
        TranscriptVersion, on_delete=models.PROTECT, primary_key=True, related_name="record"
    )
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"record of {self.pk}"


class IssuedTranscript(SchoolScoped, AppendOnly):
    """The sealed files of a version, by digest in the file store: never changed, never replaced."""

    version = models.OneToOneField(
        TranscriptVersion, on_delete=models.PROTECT, primary_key=True, related_name="issued"
    )
    xml_digest = models.CharField(max_length=64, unique=True)
    pdf_digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"files of {self.pk}"


class Receipt(SchoolScoped, AppendOnly):
    """The city's receipt for a version, as it came."""

    version = models.OneToOneField(
        TranscriptVersion, on_delete=models.PROTECT, primary_key=True, related_name="receipt"
    )
    digest = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"receipt of {self.pk}"


class Refusal(SchoolScoped, AppendOnly):
    """An answer of the city that refused a version, with everything it found wrong."""

    version = models.ForeignKey(TranscriptVersion, on_delete=models.PROTECT, related_name="refusals")
    status_code = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    problems = models.JSONField()
    refused_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"refusal of {self.version_id}"
