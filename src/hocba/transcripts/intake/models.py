"""Sealed class records that were accepted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.platform.tenancy.rows import AppendOnly, SchoolScoped


class ClassRecord(SchoolScoped, AppendOnly):
    """A sealed class record of a year. `files` are the digests of all its files, the year first."""

    record_id = models.UUIDField()
    version = models.PositiveIntegerField()
    school_year = models.CharField(max_length=9)
    class_name = models.CharField(max_length=50)
    digest = models.CharField(max_length=64, unique=True)
    files = models.JSONField()
    accepted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record_id", "version"], name="transcripts_class_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.class_name} {self.school_year} v{self.version}"
