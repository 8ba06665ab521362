"""The audit trail. No foreign keys: the trail must never interfere with live data."""

from __future__ import annotations

from django.db import models

from hocba.platform.tenancy.rows import AppendOnly


class AuditEvent(AppendOnly):
    """One act of one actor on one target."""

    at = models.DateTimeField()
    tag = models.CharField(max_length=80)
    target = models.CharField(max_length=200)
    by = models.CharField(max_length=120)
    school_code = models.CharField(max_length=20, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["target"], name="audit_target"),
            models.Index(fields=["school_code", "at"], name="audit_school_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.tag} {self.target} by {self.by}"
