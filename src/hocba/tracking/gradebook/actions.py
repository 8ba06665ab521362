"""Entering marks and summaries, in bulk: one transaction, one version and report per sheet that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hocba.tracking.gradebook import entries as forms
from hocba.tracking.gradebook import permissions, places, reporting, rows, sheets, workflow
from hocba.tracking.gradebook.compile import REGULATION
from hocba.tracking.gradebook.errors import BadMarkError, ClosedError, UnknownPlaceError
from hocba.tracking.gradebook.models import MarkRow, SummaryRow
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hocba.tracking.gradebook.models import Sheet

__all__ = ["BadMarkError", "ClosedError", "UnknownPlaceError", "enter_marks", "enter_summaries"]

MARKS = rows.SheetRows(MarkRow, ("regular", "midterm", "final", "retest", "remark"))
SUMMARIES = rows.SummaryRows(SummaryRow, workflow.SUMMARY_PART)


@transaction.atomic
def enter_marks(
    *, school_code: str, school_year: str, entries: Sequence[forms.Marks], by: str, at: datetime
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
    locked = sheets.lock(school_code, school_year, keys | {(name, code, 2) for name, code, _ in keys})
    changes = MARKS.changes(locked, entries)
    changed = rows.sheets_of(changes, locked)
    affected = changed + _dependants(changed, locked)
    permissions.check_can_enter(affected)
    MARKS.write(changes)
    sheets.bump(affected, at=at)
    rows.record(changes, tag=workflow.Tag.MARKS_ENTERED, changed=changed, by=by, at=at)
    reporting.report([classes[name] for name in sorted({s.class_name for s in affected})], affected, at=at)
    return len(changes)


@transaction.atomic
def enter_summaries(
    *, school_code: str, school_year: str, entries: Sequence[forms.Summary], by: str, at: datetime
) -> int:
    """Make the class summaries say what the entries say; how many rows changed.

    Raises UnknownPlaceError, BadMarkError, ClosedError; nothing is written then.
    """
    classes = {group.name: group for group in roster.list_classes(school_code, school_year)}
    places.check_pupils(school_code, school_year, [(entry.class_name, entry.pupil_code) for entry in entries])
    problems = places.problems_of_regulation(REGULATION, entries, classes) or forms.problems_of_summaries(
        entries
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


def _dependants(changed: Sequence[Sheet], locked: Mapping[sheets.Key, Sheet]) -> list[Sheet]:
    """Sheets of term II that show a year's result which a change in term I may move."""
    known = {sheet.pk for sheet in changed}
    second = [locked[sheet.class_name, sheet.subject_code, 2] for sheet in changed if sheet.term == 1]
    return [sheet for sheet in second if sheet.version > 0 and sheet.pk not in known]
