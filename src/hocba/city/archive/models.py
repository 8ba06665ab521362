"""Archived documents and the log over them: every row here is written once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.platform.tenancy.rows import AppendOnly, SchoolScoped


class ArchivedClassRecord(SchoolScoped, AppendOnly):
    """The sealed class record of a year; `term_digests` name the term files it fixes.

    `expected` has for every pupil, by personal ID, the digest of what the transcript must say, and
    `expected_values` is the file with those values themselves (see documents.derived).
    """

    record_id = models.UUIDField()
    version = models.PositiveIntegerField()
    school_year = models.CharField(max_length=9)
    class_name = models.CharField(max_length=50)
    digest = models.CharField(max_length=64, unique=True)
    term_digests = models.JSONField()
    expected = models.JSONField()
    expected_values = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()
    report = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record_id", "version"], name="city_class_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.class_name} {self.school_year} v{self.version}"


class ArchivedTranscript(SchoolScoped, AppendOnly):
    """One registered version of a transcript: digests of its files, of what they mean, and of the receipt.

    `report` is the validation at acceptance with the digests of its evidence (certificates, revocation lists,
    register of approved certificates); `leaf_index` is the place in the log.
    """

    transcript_id = models.UUIDField()
    version = models.PositiveIntegerField()
    personal_id = models.CharField(max_length=12)
    pupil_name = models.CharField(max_length=200)
    school_year = models.CharField(max_length=9)
    class_name = models.CharField(max_length=50)
    grade = models.PositiveSmallIntegerField()
    xml_digest = models.CharField(max_length=64, unique=True)
    pdf_digest = models.CharField(max_length=64, unique=True)
    meaning_digest = models.CharField(max_length=64)
    record_digest = models.CharField(max_length=64)
    class_record_digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    report = models.JSONField()
    leaf_index = models.PositiveBigIntegerField(unique=True)
    receipt_digest = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transcript_id", "version"], name="city_transcript_version_once"),
            models.UniqueConstraint(
                fields=["personal_id", "school_year", "version"], name="city_one_transcript_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transcript_id} v{self.version}"


class LogLeaf(AppendOnly):
    """One event in the log: `content` are the exact octets that were hashed; no personal data."""

    index = models.PositiveBigIntegerField(primary_key=True)
    content = models.BinaryField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"leaf {self.index}"


class LogNode(AppendOnly):
    """A complete subtree of the log above the leaves (RFC 6962)."""

    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["level", "index"], name="city_log_node_once"),
        ]

    def __str__(self) -> str:
        return f"node {self.level}/{self.index}"


class Checkpoint(AppendOnly):
    """A signed tree head: `note` is the signed note in the C2SP text form.

    `frontier` are the hashes of the perfect subtrees of that size, one after the other: what the next leaf
    is added to, so that growing the log reads one row.
    """

    size = models.PositiveBigIntegerField(primary_key=True)
    root = models.BinaryField()
    frontier = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class CheckpointStamp(AppendOnly):
    """An RFC 3161 time stamp over a checkpoint's note: proves that all leaves up to it existed then.

    `algorithm` is the digest of its imprint; by `good_until`, the first end of a certificate above it, it must be
    stamped again (null: not known, so at once).
    """

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="stamps")
    authority = models.CharField(max_length=200)
    token = models.BinaryField()
    stamped_at = models.DateTimeField()
    algorithm = models.CharField(max_length=10, default="sha256")
    good_until = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"stamp of {self.checkpoint_id}"


class StampFailure(AppendOnly):
    """An authority that gave no stamp for the checkpoint of that size, and why; for the officers."""

    size = models.PositiveBigIntegerField()
    host = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.host}: {self.reason}"
