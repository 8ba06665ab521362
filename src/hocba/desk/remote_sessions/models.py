"""Sessions with providers and the chunks they sign."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from hocba.desk.remote_sessions.workflow import ChunkState, State
from hocba.platform.tenancy.rows import SchoolScoped


class RemoteSession(SchoolScoped):
    """One person, one task, one provider; from the certificate to the last signature.

    `account` is the user's id, `desk` the side's name for its desk. `state_digest` is the SHA-256 of the OAuth state
    that is waited for, `kept` the encrypted secrets (`sealed`), `permit_ends_at` when the authorisation is over.
    `multisign` is how many hashes an authorisation of the credential may cover.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    desk = models.CharField(max_length=20)
    provider = models.CharField(max_length=40)
    account = models.BigIntegerField()
    by = models.CharField(max_length=150)
    task = models.CharField(max_length=3000)
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in State])
    batch = models.UUIDField(null=True, blank=True)
    return_to = models.CharField(max_length=500)
    credential = models.CharField(max_length=200, blank=True)
    code_name = models.CharField(max_length=100, blank=True)
    multisign = models.PositiveIntegerField(default=1)
    state_digest = models.CharField(max_length=64, blank=True)
    kept = models.BinaryField(default=b"", blank=True)
    permit_ends_at = models.DateTimeField(null=True, blank=True)
    authorisation = models.PositiveIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)
    signed = models.PositiveIntegerField(default=0)
    detail = models.CharField(max_length=1000, blank=True)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["batch"], name="desk_remote_batch"),
            models.Index(fields=["state", "changed_at"], name="desk_remote_state"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.by} {self.state}"


class RemoteChunk(SchoolScoped):
    """Hashes that go to the provider in one call, written before they go.

    `items` are pairs of item and SHA-256 (hex), in order; `values` the answer (base64), kept until it is stored.
    """

    session = models.ForeignKey(RemoteSession, on_delete=models.CASCADE, related_name="chunks")
    authorisation = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    items = models.JSONField()
    values = models.JSONField(default=list)
    state = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in ChunkState], default=ChunkState.PLANNED
    )
    tries = models.PositiveSmallIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "authorisation", "number"], name="desk_remote_chunk_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.authorisation}.{self.number} {self.state}"
