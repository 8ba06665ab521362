"""Where a sealed class record was sent, and what the other side answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.platform.tenancy.rows import SchoolScoped


class Handover(SchoolScoped):
    """One sealed year on its way to one side; a row per document version and recipient."""

    class State(models.TextChoices):
        """See workflow.TRANSITIONS."""

        SENDING = "SENDING"
        ACCEPTED = "ACCEPTED"
        REFUSED = "REFUSED"

    document = models.UUIDField()
    version = models.PositiveSmallIntegerField()
    school_year = models.CharField(max_length=9)
    class_name = models.CharField(max_length=50)
    recipient = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    problems = models.JSONField(default=list)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "version", "recipient"], name="tracking_handed_over_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="SENDING", answered_at=None)
                | (~models.Q(state="SENDING") & models.Q(answered_at__isnull=False)),
                name="tracking_handover_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.class_name} to {self.recipient} {self.state}"
