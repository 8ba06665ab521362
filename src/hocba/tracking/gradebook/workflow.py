"""Audit tags of the gradebook, and which part of the class summary each column belongs to."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from hocba.tracking.gradebook.models import WHOLE_YEAR


class Tag(StrEnum):
    """What the audit trail calls the acts of this app."""

    MARKS_ENTERED = "gradebook:marks:entered"
    SUMMARY_ENTERED = "gradebook:summary:entered"
    SHEET_CLOSED = "gradebook:sheet:closed"
    SHEET_REOPENED = "gradebook:sheet:reopened"
    REPORT_REFUSED = "gradebook:report:refused"
    RESULTS_READ = "gradebook:results:read"


SUMMARY_PART: Final[dict[str, int]] = {
    "conduct_term1": 1,
    "conduct_term2": 2,
    "conduct_after_summer": WHOLE_YEAR,
    "absences_excused": WHOLE_YEAR,
    "absences_unexcused": WHOLE_YEAR,
    "homeroom_remark": WHOLE_YEAR,
}
"""A column of the summary to the term whose signing closes it (WHOLE_YEAR: the year's)."""

PRIMARY_SUMMARY_PART: Final[dict[str, int]] = {
    "traits_term1": 1,
    "remark_term1": 1,
    "traits_term2": 2,
    "remark_term2": 2,
    "overall": WHOLE_YEAR,
    "completed": WHOLE_YEAR,
    "promoted": WHOLE_YEAR,
    "award": WHOLE_YEAR,
    "absences_excused": WHOLE_YEAR,
    "absences_unexcused": WHOLE_YEAR,
    "homeroom_remark": WHOLE_YEAR,
}
"""The same of the summary of tiểu học."""
