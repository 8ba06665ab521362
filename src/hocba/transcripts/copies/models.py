"""The register of certified copies (sổ sao y)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hocba.platform.tenancy.rows import AppendOnly, SchoolScoped


class CertifiedCopyEntry(SchoolScoped, AppendOnly):
    """One certified copy: what it says of itself, of which files it was made, by whom and for whom.

    `year` is the calendar year that `number` counts in (NĐ 30/2020 Phụ lục I phần III). `request_id` is the form's:
    the same form sent twice makes one copy. `original_digest` is of the signed PDF, `digest` of the PDF to print; both
    are in the file store.
    """

    request_id = models.UUIDField()
    version = models.ForeignKey(
        "transcripts_records.TranscriptVersion", on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=40)
    symbol = models.CharField(max_length=20)
    made_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    signer_code = models.CharField(max_length=30)
    signer_title = models.CharField(max_length=100)
    signer_name = models.CharField(max_length=200)
    parent = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=100)
    requester = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)
    recipients = models.JSONField()
    quantity = models.PositiveSmallIntegerField()
    original_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "year", "number"], name="transcripts_copy_number_once"
            ),
            models.UniqueConstraint(
                fields=["school_code", "request_id"], name="transcripts_copy_request_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, quantity__gte=1), name="transcripts_copy_counts_from_one"
            ),
        ]

    def __str__(self) -> str:
        return self.reference
