"""The copy of school, staff, classes and pupils, and of what the Sở approves and trusts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.platform.tenancy.rows import AppendOnly, SchoolScoped


class RosterCopy(SchoolScoped, AppendOnly):
    """That a version of the roster was taken over; the message itself is in the file store."""

    school_year = models.CharField(max_length=9)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "school_year", "version"], name="transcripts_roster_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_code} {self.school_year} v{self.version}"


class School(SchoolScoped):
    """The school as the newest roster names it."""

    name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_code"], name="transcripts_school_once")
        ]

    def __str__(self) -> str:
        return f"{self.school_code} {self.name}"


class Staff(SchoolScoped):
    """A member of staff; never with a personal ID."""

    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    post = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=254, blank=True)
    teaches = models.BooleanField()
    leads_class = models.BooleanField()
    active = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_code", "code"], name="transcripts_staff_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Pupil(SchoolScoped):
    """A pupil's particulars (lý lịch) as the transcript prints them; `particulars` are documents.people.Pupil."""

    personal_id = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    particulars = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_code", "personal_id"], name="transcripts_pupil_once"),
        ]

    def __str__(self) -> str:
        return self.name


class CertificateRegister(SchoolScoped, AppendOnly):
    """The Sở's register of approved certificates of a school as it was when taken; the newest counts."""

    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.school_code} {self.taken_at:%Y-%m-%d}"


class DeclaredCopy(SchoolScoped, AppendOnly):
    """What became of everything a school declared, as the Sở said when asked; the newest counts."""

    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.school_code} {self.taken_at:%Y-%m-%d}"


class TrustBundleCopy(AppendOnly):
    """The authorities and revocation lists the Sở published; the newest counts."""

    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.taken_at:%Y-%m-%d}"
