"""Lists over several batches."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from hocba.platform.tenancy.rows import AppendOnly, SchoolScoped


class JointBatch(SchoolScoped, AppendOnly):
    """What one person authorises over several batches of a side; what became of it is read off these.

    `desk` is the side's name for its desk, `batches` their ids in the order of the list. `digest` is what the signer
    authorises, `listing` names the stored list (`hocba.desk.frozen`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    desk = models.CharField(max_length=20)
    by = models.CharField(max_length=150)
    batches = models.JSONField()
    digest = models.CharField(max_length=71)
    listing = models.CharField(max_length=64)
    opened_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["by", "opened_at"], name="desk_joint_by")]

    def __str__(self) -> str:
        return f"{len(self.batches)} batches by {self.by}"
