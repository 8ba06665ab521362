"""Documents of the class record, their signatures, and batches of signatures under way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.desk.channels import Channel
from hocba.platform.tenancy.rows import AppendOnly, SchoolScoped


class Document(SchoolScoped):
    """One document of a class record: a subject sheet, a term or the year of one class.

    `data_digest` names the frozen octets of the signed region in the file store, `file_digest` the file with the
    signatures made so far. `sheet_versions` are the versions of the gradebook's sheets that were frozen, by sheet
    key; `signers` the codes that must sign, by slot. `problems` say what stands in the way (they hold values).
    """

    class Kind(models.TextChoices):
        """The three kinds; the value is the name of the root element."""

        SUBJECT = "SoMonHoc"
        TERM = "SoHocKy"
        YEAR = "SoNamHoc"

    class State(models.TextChoices):
        """See workflow.BY_KIND."""

        OPEN = "OPEN"
        BLOCKED = "BLOCKED"
        READY = "READY"
        PARTLY_SIGNED = "PARTLY_SIGNED"
        SIGNED = "SIGNED"
        APPROVED = "APPROVED"
        SEALED = "SEALED"

    uuid = models.UUIDField(unique=True)
    version = models.PositiveSmallIntegerField(default=1)
    school_year = models.CharField(max_length=9)
    class_name = models.CharField(max_length=50)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject_code = models.CharField(max_length=20, blank=True)
    term = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=15, choices=State.choices, default=State.OPEN)
    problems = models.JSONField(default=list)
    signers = models.JSONField(default=dict)
    sheet_versions = models.JSONField(default=list)
    data_digest = models.CharField(max_length=64, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "school_year", "class_name", "kind", "subject_code", "term"],
                name="tracking_document_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("OPEN", "BLOCKED")) | ~models.Q(data_digest=""),
                name="tracking_document_frozen",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("OPEN", "BLOCKED", "READY")) | ~models.Q(file_digest=""),
                name="tracking_document_file",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["school_code", "school_year", "state"], name="tracking_document_state")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.class_name} {self.subject_code} {self.term} {self.state}"


class DocumentSignature(SchoolScoped, AppendOnly):
    """One signature as it stands in the document's file."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="signatures")
    slot = models.CharField(max_length=20)
    holder = models.CharField(max_length=30)
    by = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    certificate_sha256 = models.CharField(max_length=64)
    xml = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "slot", "holder"], name="tracking_signed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.slot} {self.holder} on {self.document_id}"


class SigningBatch(SchoolScoped):
    """What one person was shown to sign at once: the intent, recorded before the bytes leave the server.

    `digest` is what the signer authorises, hex; `listing` names the stored list (`hocba.desk.frozen`).
    """

    class State(models.TextChoices):
        """OPEN until every item is decided, it is stopped or replaced by a newer one, or its time is over."""

        OPEN = "OPEN"
        COMPLETED = "COMPLETED"
        STOPPED = "STOPPED"
        SUPERSEDED = "SUPERSEDED"
        EXPIRED = "EXPIRED"

    uuid = models.UUIDField(unique=True)
    task = models.CharField(max_length=60)
    slot = models.CharField(max_length=20)
    by = models.CharField(max_length=120)
    holder = models.CharField(max_length=30)
    certificate = models.BinaryField()
    digest = models.CharField(max_length=64)
    listing = models.CharField(max_length=64, blank=True, default="")
    channel = models.CharField(
        max_length=10, choices=[(c.value, c.value) for c in Channel], default=Channel.PROGRAM
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    signed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "task", "by"],
                condition=models.Q(state="OPEN"),
                name="tracking_one_open_batch",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} by {self.by} {self.state}"


class BatchItem(SchoolScoped):
    """One document of a batch with the exact bytes to be signed; `base_digest` is what the signature stands on."""

    class State(models.TextChoices):
        """PENDING until a signature comes that fits."""

        PENDING = "PENDING"
        SIGNED = "SIGNED"
        REFUSED = "REFUSED"

    batch = models.ForeignKey(SigningBatch, on_delete=models.PROTECT, related_name="items")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    signature_id = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    base_digest = models.CharField(max_length=64)
    to_be_signed = models.BinaryField()
    prepared = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "document"], name="tracking_item_once"),
            models.UniqueConstraint(fields=["signature_id"], name="tracking_signature_id_once"),
        ]

    def __str__(self) -> str:
        return f"{self.signature_id} {self.state}"
