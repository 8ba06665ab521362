"""Sheets of marks, summaries of classes, and the history of every entry."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hocba.platform.tenancy.rows import AppendOnly, SchoolScoped

SUMMARY = ""
"""The subject code of the sheet that stands for a class's conduct, absences and remarks."""

WHOLE_YEAR = 0
"""The term of what belongs to no single term: absences, remark of the homeroom teacher, summer training."""


class Sheet(SchoolScoped):
    """One class, subject and term, or one part of the class summary: entered, reported, closed as one.

    `version` grows with every change. A closed sheet (`closed_at`) is part of a class record being signed.
    """

    school_year = models.CharField(max_length=9)
    class_name = models.CharField(max_length=50)
    subject_code = models.CharField(max_length=20, blank=True)
    term = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reported_version = models.PositiveIntegerField(default=0)
    report_problem = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "school_year", "class_name", "subject_code", "term"],
                name="tracking_sheet_once",
            ),
            models.CheckConstraint(
                condition=models.Q(subject_code=SUMMARY, term__in=(0, 1, 2))
                | (~models.Q(subject_code=SUMMARY) & models.Q(term__in=(1, 2))),
                name="tracking_sheet_term",
            ),
            models.CheckConstraint(
                condition=models.Q(reported_version__lte=models.F("version")), name="tracking_sheet_reported"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.class_name} {self.subject_code or 'tổng hợp'} {self.term} v{self.version}"


class MarkRow(SchoolScoped):
    """What is entered for one pupil on a sheet; marks are texts ("8.0", "D"), None where missing.

    `retest` is the result of the assessment in summer and stands on the sheet of term II.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="marks")
    pupil_code = models.CharField(max_length=30)
    regular = models.JSONField(default=list)
    midterm = models.CharField(max_length=4, null=True)
    final = models.CharField(max_length=4, null=True)
    retest = models.CharField(max_length=4, null=True)
    remark = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "pupil_code"], name="tracking_marks_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_code} on {self.sheet_id}"


class SummaryRow(SchoolScoped):
    """Conduct, absences and the homeroom teacher's remark on one pupil of a class."""

    school_year = models.CharField(max_length=9)
    class_name = models.CharField(max_length=50)
    pupil_code = models.CharField(max_length=30)
    conduct_term1 = models.CharField(max_length=10, null=True)
    conduct_term2 = models.CharField(max_length=10, null=True)
    conduct_after_summer = models.CharField(max_length=10, null=True)
    absences_excused = models.PositiveSmallIntegerField(null=True)
    absences_unexcused = models.PositiveSmallIntegerField(null=True)
    homeroom_remark = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "school_year", "pupil_code"], name="tracking_summary_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_code} {self.school_year}"


class PrimaryMarkRow(SchoolScoped):
    """What is entered for one pupil of tiểu học on a sheet: levels T, H, C and tests "0" to "10" (TT 27/2020)."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="primary_marks")
    pupil_code = models.CharField(max_length=30)
    middle_level = models.CharField(max_length=1, null=True)
    middle_test = models.CharField(max_length=2, null=True)
    end_level = models.CharField(max_length=1, null=True)
    end_test = models.CharField(max_length=2, null=True)
    remark = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "pupil_code"], name="tracking_primary_marks_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_code} on {self.sheet_id}"


class PrimarySummaryRow(SchoolScoped):
    """Qualities, competences, decisions and remarks on one pupil of tiểu học.

    `traits_term1` and `traits_term2` hold by code the levels (T, D, C) at the middle and the end of the term.
    `overall`, `completed`, `promoted` and `award` are decisions of people (Điều 9, 11, 13), never computed here.
    """

    school_year = models.CharField(max_length=9)
    class_name = models.CharField(max_length=50)
    pupil_code = models.CharField(max_length=30)
    traits_term1 = models.JSONField(default=dict)
    traits_term2 = models.JSONField(default=dict)
    remark_term1 = models.CharField(max_length=2000, blank=True)
    remark_term2 = models.CharField(max_length=2000, blank=True)
    overall = models.CharField(max_length=20, null=True)
    completed = models.BooleanField(null=True)
    promoted = models.BooleanField(null=True)
    award = models.CharField(max_length=500, blank=True)
    absences_excused = models.PositiveSmallIntegerField(null=True)
    absences_unexcused = models.PositiveSmallIntegerField(null=True)
    homeroom_remark = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_code", "school_year", "pupil_code"], name="tracking_primary_summary_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_code} {self.school_year}"


class Entry(SchoolScoped, AppendOnly):
    """One change of one pupil's row: who, when, what it was before and what it became. Never lost (R53)."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="entries")
    pupil_code = models.CharField(max_length=30)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    before = models.JSONField(null=True)
    after = models.JSONField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sheet", "pupil_code"], name="tracking_entry_row")]

    def __str__(self) -> str:
        return f"{self.pupil_code} on {self.sheet_id} at {self.at:%Y-%m-%d %H:%M}"
