"""Evidence of registered documents and its renewals: every row here is written once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.platform.tenancy.rows import AppendOnly, SchoolScoped


class Material(SchoolScoped, AppendOnly):
    """The list of files that validations for a school rested on; `leaf_index` is its entry in the log.

    Documents of one school share a list until an authority, a revocation list or an approval changes.
    """

    digest = models.CharField(max_length=64)
    leaf_index = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_code", "digest"], name="city_material_once"),
        ]

    def __str__(self) -> str:
        return f"{self.school_code} {self.digest[:12]}"


class PreservedTranscript(SchoolScoped, AppendOnly):
    """A registered version whose place in the log is stamped, with the material kept for it."""

    leaf_index = models.PositiveBigIntegerField(unique=True)
    transcript_id = models.UUIDField()
    version = models.PositiveIntegerField()
    xml_digest = models.CharField(max_length=64)
    pdf_digest = models.CharField(max_length=64)
    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="transcripts")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transcript_id", "version"], name="city_preserved_once"),
        ]

    def __str__(self) -> str:
        return f"{self.transcript_id} v{self.version}"


class RenewalIntent(AppendOnly):
    """An archive time stamp to be asked for: the root of a hash tree and what is below it, before anybody is asked.

    `kind` is TOKENS (time-stamp renewal, RFC 4998 5.2) or DOCUMENTS (a first archive time stamp, or hash-tree
    renewal). `units_digest` is empty since the stamp keeps that list; it counts for stamps without one.
    """

    kind = models.CharField(max_length=10, choices=[("TOKENS", "TOKENS"), ("DOCUMENTS", "DOCUMENTS")])
    algorithm = models.CharField(max_length=10)
    root = models.BinaryField()
    count = models.PositiveIntegerField()
    units_digest = models.CharField(max_length=64, default="")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.algorithm} ×{self.count}"


class ArchiveStamp(AppendOnly):
    """The stamp over the root of an intent; `good_until` as in the archive's CheckpointStamp.

    `relies_on` are all digests it rests on, with blanks between: a unit may sign with another than its imprint has.
    `units_digest` is the list of authorities and revocation lists of the moment it came, by which the stamps directly
    below it are judged; an intent may have waited for months.
    """

    intent = models.OneToOneField(RenewalIntent, on_delete=models.PROTECT, related_name="stamp")
    authority = models.CharField(max_length=200)
    token = models.BinaryField()
    stamped_at = models.DateTimeField()
    good_until = models.DateTimeField(db_index=True)
    relies_on = models.CharField(max_length=100, default="")
    units_digest = models.CharField(max_length=64, default="")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"stamp of {self.intent_id}"

    def units(self) -> str:
        """The digest of that list, wherever it was kept."""
        return self.units_digest or self.intent.units_digest


class RenewedToken(AppendOnly):
    """A token below the root of an intent: of a checkpoint's stamp, or of an archive stamp, by row number."""

    intent = models.ForeignKey(RenewalIntent, on_delete=models.PROTECT, related_name="tokens")
    source = models.CharField(max_length=10, choices=[("CHECKPOINT", "CHECKPOINT"), ("ARCHIVE", "ARCHIVE")])
    source_id = models.BigIntegerField()
    lists = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_id"], name="city_token_renewed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"


class RenewedTranscript(SchoolScoped, AppendOnly):
    """A document below the root of an intent; `evidence_digest` is the evidence file as it was covered."""

    intent = models.ForeignKey(RenewalIntent, on_delete=models.PROTECT, related_name="transcripts")
    transcript = models.ForeignKey(PreservedTranscript, on_delete=models.PROTECT, related_name="renewals")
    evidence_digest = models.CharField(max_length=64)
    lists = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["intent", "transcript"], name="city_transcript_renewed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.transcript_id} in {self.intent_id}"
