"""Entering levels, tests, qualities, competences and decisions on pupils of tiểu học, in bulk (TT 27/2020)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hocba.tracking.gradebook import permissions, places, reporting, rows, sheets, workflow
from hocba.tracking.gradebook import primary_entries as forms
from hocba.tracking.gradebook.errors import BadMarkError
from hocba.tracking.gradebook.models import PrimaryMarkRow, PrimarySummaryRow
from hocba.tracking.gradebook.primary_books import REGULATION
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

MARKS = rows.SheetRows(PrimaryMarkRow, ("middle_level", "middle_test", "end_level", "end_test", "remark"))
SUMMARIES = rows.SummaryRows(PrimarySummaryRow, workflow.PRIMARY_SUMMARY_PART)


@transaction.atomic
def enter_primary_marks(
    *, school_code: str, school_year: str, entries: Sequence[forms.PrimaryMarks], by: str, at: datetime
) -> int:
    """Make the sheets say what the entries say; how many rows changed. Entering the same again does nothing.

    Raises UnknownPlaceError, BadMarkError, ClosedError; nothing is written then.
    """
    classes = {group.name: group for group in roster.list_classes(school_code, school_year)}
    places.check_subjects(school_code, school_year, entries, classes)
    problems = places.problems_of_regulation(REGULATION, entries, classes) or forms.problems_of_marks(
        entries, classes
    )
    if problems:
        raise BadMarkError("\n".join(problems))
    keys = {(entry.class_name, entry.subject_code, entry.term) for entry in entries}
    locked = sheets.lock(school_code, school_year, keys)
    changes = MARKS.changes(locked, entries)
    changed = rows.sheets_of(changes, locked)
    permissions.check_can_enter(changed)
    MARKS.write(changes)
    sheets.bump(changed, at=at)
    rows.record(changes, tag=workflow.Tag.MARKS_ENTERED, changed=changed, by=by, at=at)
    reporting.report([classes[name] for name in sorted({s.class_name for s in changed})], changed, at=at)
    return len(changes)


@transaction.atomic
def enter_primary_summaries(
    *, school_code: str, school_year: str, entries: Sequence[forms.PrimarySummary], by: str, at: datetime
) -> int:
    """Make the class summaries say what the entries say; how many rows changed.

    Raises UnknownPlaceError, BadMarkError, ClosedError; nothing is written then.
    """
    classes = {group.name: group for group in roster.list_classes(school_code, school_year)}
    places.check_pupils(school_code, school_year, [(entry.class_name, entry.pupil_code) for entry in entries])
    problems = places.problems_of_regulation(REGULATION, entries, classes) or forms.problems_of_summaries(
        entries, classes
    )
    if problems:
        raise BadMarkError("\n".join(problems))
    locked = SUMMARIES.lock(school_code, school_year, {entry.class_name for entry in entries})
    changes, written = SUMMARIES.changes(school_code, school_year, locked, entries)
    changed = rows.sheets_of(changes, locked)
    permissions.check_can_enter(changed)
    SUMMARIES.write(written)
    sheets.bump(changed, at=at)
    rows.record(changes, tag=workflow.Tag.SUMMARY_ENTERED, changed=changed, by=by, at=at)
    return len(written)
