"""The copy of the sector's roster, and of the city's approved certificates."""

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
                fields=["school_code", "school_year", "version"], name="tracking_roster_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_code} {self.school_year} v{self.version}"


class School(SchoolScoped):
    """The school as the newest roster names it."""

    name = models.CharField(max_length=200)
    level = models.CharField(max_length=20)
    ward = models.CharField(max_length=100, blank=True)
    province = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["school_code"], name="tracking_school_once")]

    def __str__(self) -> str:
        return f"{self.school_code} {self.name}"


class Staff(SchoolScoped):
    """A member of staff; never with a personal ID."""

    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    post = models.CharField(max_length=200, blank=True)
    active = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_code", "code"], name="tracking_staff_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ClassGroup(SchoolScoped):
    """A class of a school year with its homeroom teacher."""

    school_year = models.CharField(max_length=9)
    name = models.CharField(max_length=50)
    grade = models.PositiveSmallIntegerField()
    homeroom_code = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "school_year", "name"], name="tracking_class_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.school_year}"


class Pupil(SchoolScoped):
    """A pupil attending a class of a school year: what the class record says of a person, nothing more.

    `electives` are the codes of the subjects the pupil has chosen.
    """

    school_year = models.CharField(max_length=9)
    class_name = models.CharField(max_length=50)
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=30)
    personal_id = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=200)
    electives = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "school_year", "code"], name="tracking_pupil_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["school_code", "school_year", "class_name"], name="tracking_pupil_class"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Teaching(SchoolScoped):
    """Who teaches a subject to a class in a term."""

    school_year = models.CharField(max_length=9)
    class_name = models.CharField(max_length=50)
    subject_code = models.CharField(max_length=20)
    term = models.PositiveSmallIntegerField()
    staff_code = models.CharField(max_length=30)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "school_year", "class_name", "subject_code", "term", "staff_code"],
                name="tracking_teaching_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_code} {self.class_name} {self.subject_code} {self.term}"


class CertificateRegister(SchoolScoped, AppendOnly):
    """The city's register of approved certificates of a school as it was when taken; the newest counts."""

    content = models.TextField()
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
