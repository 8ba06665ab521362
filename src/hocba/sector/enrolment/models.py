"""Pupils, class groups, enrolments."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.platform.tenancy.rows import AppendOnly, SchoolScoped


class ClassGroup(SchoolScoped):
    """A class (lớp) of one school year."""

    school_year = models.CharField(max_length=9)
    name = models.CharField(max_length=50)
    grade = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_code", "school_year", "name"], name="sector_class_once"),
            models.CheckConstraint(condition=models.Q(grade__range=(1, 12)), name="sector_class_grade"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.school_year}"


class Pupil(SchoolScoped):
    """A pupil's particulars (lý lịch); `personal_id` is empty until it is known, never guessed."""

    code = models.CharField(max_length=30)
    personal_id = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=200)
    birth_date = models.CharField(max_length=10, blank=True)
    sex = models.CharField(max_length=3, blank=True)
    ethnic_group = models.CharField(max_length=100, blank=True)
    nationality = models.CharField(max_length=100, blank=True)
    birthplace = models.CharField(max_length=300, blank=True)
    residence = models.CharField(max_length=500, blank=True)
    disability = models.CharField(max_length=200, blank=True)
    father_name = models.CharField(max_length=200, blank=True)
    father_occupation = models.CharField(max_length=200, blank=True)
    mother_name = models.CharField(max_length=200, blank=True)
    mother_occupation = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_code", "code"], name="sector_pupil_code_once"),
            models.UniqueConstraint(
                fields=["school_code", "personal_id"],
                condition=~models.Q(personal_id=""),
                name="sector_pupil_person_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class FormerPersonalId(SchoolScoped, AppendOnly):
    """A personal ID a pupil had until it was cancelled and established anew, or mended: what was said stays known.

    `replaced_by` is the number the pupil has had since, "" when there was none.
    """

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="former_personal_ids")
    personal_id = models.CharField(max_length=12)
    replaced_by = models.CharField(max_length=12, blank=True)
    by = models.CharField(max_length=120)
    replaced_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["school_code", "personal_id"], name="sector_former_personal_id")
        ]

    def __str__(self) -> str:
        return f"{self.pupil_id} until {self.replaced_at:%Y-%m-%d}"


class Enrolment(SchoolScoped):
    """A pupil in a class in a school year; `position` is the place in the school's list.

    `electives` are the codes of the subjects the pupil has chosen for the year (môn học lựa chọn, tự chọn).
    """

    school_year = models.CharField(max_length=9)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="enrolments")
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="enrolments")
    status = models.CharField(max_length=50, blank=True)
    status_date = models.CharField(max_length=10, blank=True)
    attending = models.BooleanField()
    position = models.PositiveIntegerField()
    electives = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pupil", "school_year"], name="sector_one_class_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_id} in {self.class_group_id}"
