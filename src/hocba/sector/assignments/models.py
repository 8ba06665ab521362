"""Who teaches, who is homeroom teacher, and the version of the roster made of all that."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.platform.tenancy.rows import SchoolScoped


class Teaching(SchoolScoped):
    """A teacher of a subject in a class and term; a subject may have several."""

    school_year = models.CharField(max_length=9)
    class_group = models.ForeignKey("sector_enrolment.ClassGroup", on_delete=models.PROTECT, related_name="+")
    subject_code = models.CharField(max_length=20)
    term = models.PositiveSmallIntegerField()
    staff = models.ForeignKey("sector_directory.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["class_group", "subject_code", "term", "staff"], name="sector_teaching_once"
            ),
            models.CheckConstraint(condition=models.Q(term__in=(1, 2)), name="sector_teaching_term"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} teaches {self.subject_code} to {self.class_group_id}"


class Homeroom(SchoolScoped):
    """The homeroom teacher (giáo viên chủ nhiệm) of a class."""

    school_year = models.CharField(max_length=9)
    class_group = models.OneToOneField(
        "sector_enrolment.ClassGroup", on_delete=models.PROTECT, related_name="+"
    )
    staff = models.ForeignKey("sector_directory.Staff", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.staff_id} leads {self.class_group_id}"


class RosterVersion(SchoolScoped):
    """How often people, classes or assignments of a school and year have changed, and when last."""

    school_year = models.CharField(max_length=9)
    version = models.PositiveIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_code", "school_year"], name="sector_roster_once"),
        ]

    def __str__(self) -> str:
        return f"{self.school_code} {self.school_year} v{self.version}"
