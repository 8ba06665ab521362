"""Copies of what the city publishes, so that a verdict does not wait for it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PublishedCopy(models.Model):
    """The newest body of one published address: `trust`, or `register:<school>`."""

    name = models.CharField(max_length=60, unique=True)
    body = models.BinaryField()
    fetched_at = models.DateTimeField()

    class Meta:
        verbose_name: ClassVar[str] = "published copy"

    def __str__(self) -> str:
        return f"{self.name} @ {self.fetched_at:%Y-%m-%d %H:%M}"
