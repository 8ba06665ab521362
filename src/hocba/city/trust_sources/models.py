"""Every attempt to fetch a revocation list or to ask a responder."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.platform.tenancy.rows import AppendOnly


class SourceCheck(AppendOnly):
    """One attempt; the newest of an address and subject says how the source stands.

    `subject` is the fingerprint of the authority (a list) or of the certificate asked about (an answer).
    `digest` names the bytes in the file store. `etag` and `last_modified` are given back with the next question.
    """

    class Kind(models.TextChoices):
        """What was asked for."""

        LIST = "LIST", "Danh sách thu hồi"
        ANSWER = "ANSWER", "OCSP"

    class Outcome(models.TextChoices):
        """How it ended."""

        NEW = "NEW", "Có bản mới"
        SAME = "SAME", "Không thay đổi"
        FAILED = "FAILED", "Không lấy được"

    kind = models.CharField(max_length=6, choices=Kind.choices)
    address = models.CharField(max_length=500)
    subject = models.CharField(max_length=64)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    problem = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    this_update = models.DateTimeField(null=True, blank=True)
    next_update = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "address", "subject", "-id"], name="city_source_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.address} {self.outcome}"
