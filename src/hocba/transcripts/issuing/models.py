"""Batches of signatures, their items, and the rendered PDF: working rows, emptied once a version is archived."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from hocba.desk.channels import Channel
from hocba.platform.tenancy.rows import SchoolScoped
from hocba.transcripts.issuing.workflow import BatchStatus, ItemStatus, Kind, SlotName


class SigningBatch(SchoolScoped):
    """One authorisation of one person over a frozen list of documents.

    `digest` is what the signer authorises, `listing` names the stored list (`hocba.desk.frozen`); `chain` holds the
    certificates above the signer's, PEM.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compilation = models.ForeignKey(
        "transcripts_records.Compilation", on_delete=models.PROTECT, related_name="+"
    )
    slot = models.CharField(max_length=20, choices=[(s.value, s.value) for s in SlotName])
    holder = models.CharField(max_length=30)
    certificate = models.BinaryField()
    chain = models.BinaryField()
    digest = models.CharField(max_length=71)
    listing = models.CharField(max_length=64, blank=True, default="")
    channel = models.CharField(
        max_length=10, choices=[(c.value, c.value) for c in Channel], default=Channel.PROGRAM
    )
    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in BatchStatus])
    opened_by = models.CharField(max_length=120)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["compilation", "slot", "holder"],
                condition=Q(status="OPEN"),
                name="transcripts_one_open_batch_a_task",
            ),
            models.CheckConstraint(
                condition=Q(status="COMPLETED", completed_at__isnull=False)
                | ~Q(status="COMPLETED") & Q(completed_at=None),
                name="transcripts_batch_completion_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot} {self.holder} {self.status}"


class SigningItem(SchoolScoped):
    """One document of a batch: the exact bytes to be signed, kept before anybody sees them, and the outcome.

    `region` is the subject code of a subject teacher's row. `prepared` is the XML signature without its value,
    or the increment of the PDF with room for the CMS at `contents`; `signed` is the same, finished. `reason` is why
    the last value given for it was refused.
    """

    batch = models.ForeignKey(SigningBatch, on_delete=models.PROTECT, related_name="items")
    version = models.ForeignKey(
        "transcripts_records.TranscriptVersion", on_delete=models.PROTECT, related_name="+"
    )
    slot = models.CharField(max_length=20, choices=[(s.value, s.value) for s in SlotName])
    holder = models.CharField(max_length=30)
    kind = models.CharField(max_length=3, choices=[(k.value, k.value) for k in Kind])
    region = models.CharField(max_length=20, blank=True)
    to_be_signed = models.BinaryField()
    prepared = models.BinaryField()
    contents = models.PositiveIntegerField(null=True, blank=True)
    reserved = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=[(s.value, s.value) for s in ItemStatus])
    signed = models.BinaryField()
    signed_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "slot", "holder", "kind", "region"],
                condition=Q(status="SIGNED"),
                name="transcripts_signed_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="pdf", contents__isnull=False, reserved__isnull=False)
                | Q(kind="xml", contents=None, reserved=None),
                name="transcripts_item_place_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slot} {self.status}"


class Rendering(SchoolScoped):
    """The unsigned PDF of a version, and <BanTheHien> which fixes it in the XML."""

    version = models.OneToOneField(
        "transcripts_records.TranscriptVersion",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
    )
    pdf = models.BinaryField()
    presentation = models.BinaryField()
    rendered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"PDF of {self.pk}"


class RenderingProblem(SchoolScoped):
    """Why a version could not be rendered; goes when it could."""

    version = models.OneToOneField(
        "transcripts_records.TranscriptVersion",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
    )
    problem = models.CharField(max_length=500)
    found_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.problem
