"""Results as reported by the tracking side."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.platform.tenancy.rows import SchoolScoped


class ReportedSheet(SchoolScoped):
    """The newest report of one class, subject and term; earlier ones are kept as received messages."""

    school_year = models.CharField(max_length=9)
    class_name = models.CharField(max_length=50)
    subject_code = models.CharField(max_length=20)
    term = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    reported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "school_year", "class_name", "subject_code", "term"],
                name="sector_reported_sheet_once",
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="sector_reported_version"),
        ]

    def __str__(self) -> str:
        return f"{self.class_name} {self.subject_code} {self.term} v{self.version}"


class ReportedPrimaryResult(SchoolScoped):
    """One pupil's row of a report of tiểu học: levels T, H, C and tests "0" to "10", None where there is none."""

    sheet = models.ForeignKey(ReportedSheet, on_delete=models.CASCADE, related_name="primary_rows")
    position = models.PositiveSmallIntegerField()
    pupil_code = models.CharField(max_length=30)
    personal_id = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=200)
    middle_level = models.CharField(max_length=1, null=True)
    middle_test = models.CharField(max_length=2, null=True)
    end_level = models.CharField(max_length=1, null=True)
    end_test = models.CharField(max_length=2, null=True)
    remark = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "pupil_code"], name="sector_reported_primary_pupil_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_code} in {self.sheet_id}"


class ReportedResult(SchoolScoped):
    """One pupil's row of a report; marks are texts as in the documents ("8.0", "D"), None where missing."""

    sheet = models.ForeignKey(ReportedSheet, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    pupil_code = models.CharField(max_length=30)
    personal_id = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=200)
    regular = models.JSONField(default=list)
    midterm = models.CharField(max_length=4, null=True)
    final = models.CharField(max_length=4, null=True)
    term_result = models.CharField(max_length=4, null=True)
    year_result = models.CharField(max_length=4, null=True)
    after_retest = models.CharField(max_length=4, null=True)
    remark = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "pupil_code"], name="sector_reported_pupil_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_code} in {self.sheet_id}"
