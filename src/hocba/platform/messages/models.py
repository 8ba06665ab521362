"""Outgoing and incoming messages; the evidence is kept by both ends.

`body_digest` is that of the whole body, which is the stored file of that digest; or, when `body_files` names any, those
files one after the other.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hocba.platform.tenancy.rows import AppendOnly


class OutgoingMessage(models.Model):
    """A request to another side, from the decision to send it until its answer."""

    class State(models.TextChoices):
        """PENDING until the other side has answered for good."""

        PENDING = "PENDING"
        DELIVERED = "DELIVERED"
        REFUSED = "REFUSED"

    key = models.UUIDField(unique=True)
    recipient = models.CharField(max_length=20)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=300)
    content_type = models.CharField(max_length=1000)
    body_digest = models.CharField(max_length=64, blank=True)
    body_files = models.JSONField(default=list)
    stream = models.CharField(max_length=120)
    handler = models.CharField(max_length=100, blank=True)
    context = models.JSONField(default=dict)
    school_code = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_problem = models.CharField(max_length=500, blank=True)
    request_headers = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer_headers = models.JSONField(default=dict)
    answer_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="PENDING", answered_at=None, answer_status=None)
                | (~Q(state="PENDING") & Q(answered_at__isnull=False, answer_status__isnull=False)),
                name="outgoing_answer_complete",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="PENDING"), name="outgoing_due"),
            models.Index(fields=["id"], condition=Q(state="PENDING"), name="outgoing_pending"),
            models.Index(fields=["stream", "id"], condition=Q(state="PENDING"), name="outgoing_stream"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.recipient}{self.path} {self.state}"


class Feed(models.Model):
    """What another side publishes in versions, and the day on which everything in it was last asked for."""

    name = models.CharField(max_length=40, unique=True)
    asked_for_all_on = models.DateField()

    def __str__(self) -> str:
        return self.name


class FollowedThing(models.Model):
    """Something that a feed lists: the newest version that was named, and which of them is copied here."""

    feed = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    named = models.PositiveBigIntegerField()
    taken = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["feed", "name"], name="followed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.feed} {self.name} {self.named}"


class IncomingMessage(AppendOnly):
    """A request of another side and the answer it got."""

    sender = models.CharField(max_length=20)
    key = models.UUIDField()
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=300)
    received_at = models.DateTimeField()
    request_headers = models.JSONField()
    body_digest = models.CharField(max_length=64, blank=True)
    body_files = models.JSONField(default=list)
    answer_status = models.PositiveSmallIntegerField()
    answer_type = models.CharField(max_length=100)
    answer_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "key"], name="answered_once_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.method} {self.path} {self.answer_status}"
