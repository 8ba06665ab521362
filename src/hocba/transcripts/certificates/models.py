"""What a school declared on its page, until the Sở's own account of it has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hocba.platform.tenancy.rows import SchoolScoped


class SentCertificate(SchoolScoped):
    """One certificate of a declaration; all of a declaration have its `version`, and get one answer."""

    class Outcome(models.TextChoices):
        """SENT until the Sở has answered; a declaration is taken, or not, as a whole."""

        SENT = "SENT", "Đang gửi"
        TAKEN = "TAKEN", "Sở đã nhận"
        NOT_TAKEN = "NOT_TAKEN", "Sở không nhận"

    version = models.PositiveBigIntegerField()
    der = models.BinaryField()
    holder = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    positions = models.JSONField()
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.SENT)
    answered_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="SENT", answered_at=None)
                | ~Q(outcome="SENT") & Q(answered_at__isnull=False),
                name="transcripts_sent_answer_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.school_code} {self.holder} {self.outcome}"
