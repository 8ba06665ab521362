"""Entering marks and summaries, in bulk: one transaction, one version and report per sheet that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from hocba.platform.audit import actions as audit
from hocba.regulations.applicability import mismatch
from hocba.tracking.gradebook import entries as forms
from hocba.tracking.gradebook import permissions, reporting, sheets, workflow
from hocba.tracking.gradebook.compile import REGULATION
from hocba.tracking.gradebook.errors import BadMarkError, ClosedError, UnknownPlaceError
from hocba.tracking.gradebook.models import SUMMARY, Entry, MarkRow, Sheet, SummaryRow
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

__all__ = ["BadMarkError", "ClosedError", "UnknownPlaceError", "enter_marks", "enter_summaries"]

BATCH = 2000
MARK_COLUMNS = ["regular", "midterm", "final", "retest", "remark"]


@transaction.atomic
def enter_marks(
    *, school_code: str, school_year: str, entries: Sequence[forms.Marks], by: str, at: datetime
) -> int:
    """Make the sheets say what the entries say; how many rows changed. Entering the same again does nothing.

    Raises UnknownPlaceError, BadMarkError, ClosedError; nothing is written then.
    """
    classes = {group.name: group for group in roster.list_classes(school_code, school_year)}
    _check_places(school_code, school_year, entries, classes)
    _check_choices(school_code, school_year, entries, classes)
    problems = _problems_of_regulation(entries, classes) or forms.problems_of_marks(entries, classes)
    if problems:
        raise BadMarkError("\n".join(problems))
    keys = {(entry.class_name, entry.subject_code, entry.term) for entry in entries}
    locked = sheets.lock(school_code, school_year, keys | {(name, code, 2) for name, code, _ in keys})
    changes = _changes_of_marks(locked, entries)
    touched = {change.sheet_id for change in changes}
    changed = [sheet for sheet in locked.values() if sheet.pk in touched]
    affected = changed + _dependants(changed, locked)
    permissions.check_can_enter(affected)
    _write_marks(changes)
    sheets.bump(affected, at=at)
    _record(changes, tag=workflow.Tag.MARKS_ENTERED, sheets_by_id={s.pk: s for s in changed}, by=by, at=at)
    reporting.report([classes[name] for name in sorted({s.class_name for s in affected})], affected, at=at)
    return len(changes)


@transaction.atomic
def enter_summaries(
    *, school_code: str, school_year: str, entries: Sequence[forms.Summary], by: str, at: datetime
) -> int:
    """Make the class summaries say what the entries say; how many rows changed.

    Raises UnknownPlaceError, BadMarkError, ClosedError; nothing is written then.
    """
    _check_pupils(school_code, school_year, [(entry.class_name, entry.pupil_code) for entry in entries])
    problems = forms.problems_of_summaries(entries)
    if problems:
        raise BadMarkError("\n".join(problems))
    names = {entry.class_name for entry in entries}
    parts = sorted(set(workflow.SUMMARY_PART.values()))
    locked = sheets.lock(
        school_code, school_year, {(name, SUMMARY, part) for name in names for part in parts}
    )
    changes, rows = _changes_of_summaries(school_code, school_year, locked, entries)
    touched = {change.sheet_id for change in changes}
    changed = [sheet for sheet in locked.values() if sheet.pk in touched]
    permissions.check_can_enter(changed)
    SummaryRow.objects.bulk_create(
        rows.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["school_code", "school_year", "pupil_code"],
        update_fields=["class_name", *workflow.SUMMARY_PART],
    )
    sheets.bump(changed, at=at)
    _record(changes, tag=workflow.Tag.SUMMARY_ENTERED, sheets_by_id={s.pk: s for s in changed}, by=by, at=at)
    return len(rows)


def _check_places(
    school_code: str, school_year: str, entries: Sequence[forms.Marks], classes: Mapping[str, roster.Class]
) -> None:
    _check_pupils(school_code, school_year, [(entry.class_name, entry.pupil_code) for entry in entries])
    unknown = sorted(
        {
            f"lớp {entry.class_name} không được phân công môn {entry.subject_code}"
            for entry in entries
            if entry.subject_code not in classes[entry.class_name].subjects
        }
    )
    if unknown:
        raise UnknownPlaceError("Chưa nhập được: " + "; ".join(unknown) + ".")


def _check_choices(
    school_code: str, school_year: str, entries: Sequence[forms.Marks], classes: Mapping[str, roster.Class]
) -> None:
    names = {entry.class_name for entry in entries}
    pupils = {
        pupil.code: pupil
        for members in roster.pupils_by_class(school_code, school_year, names).values()
        for pupil in members
    }
    wrong = [
        f"{pupils[entry.pupil_code].name} ({entry.pupil_code}, lớp {entry.class_name}) không học môn "
        f"{roster.subject_name(entry.subject_code, classes[entry.class_name].level, school_year)}"
        for entry in entries
        if entry.subject_code not in roster.subjects_of(pupils[entry.pupil_code], classes[entry.class_name])
    ]
    if wrong:
        raise UnknownPlaceError("Chưa nhập được: " + "; ".join(dict.fromkeys(wrong)) + ".")


def _problems_of_regulation(entries: Sequence[forms.Marks], classes: Mapping[str, roster.Class]) -> list[str]:
    """A book computes by one circular only: entering marks of another would give results of neither."""
    groups = [classes[name] for name in sorted({entry.class_name for entry in entries})]
    return [
        f"Lớp {group.name}: {problem}"
        for group in groups
        if (problem := mismatch(REGULATION, group.level, group.grade, group.school_year))
    ]


def _check_pupils(school_code: str, school_year: str, places: Iterable[tuple[str, str]]) -> None:
    known = roster.class_of_pupils(school_code, school_year)
    unknown = sorted({f"{code} (lớp {name})" for name, code in places if known.get(code) != name})
    if unknown:
        raise UnknownPlaceError(
            f"Học sinh không có trong lớp theo danh sách đồng bộ từ CSDL ngành: {', '.join(unknown)}."
        )


def _changes_of_marks(locked: Mapping[sheets.Key, Sheet], stated: Sequence[forms.Marks]) -> list[Entry]:
    """Entries (not written yet, without author) for every row that differs from what is known."""
    known = {
        (row["sheet_id"], row["pupil_code"]): {column: row[column] for column in MARK_COLUMNS}
        for row in MarkRow.objects.filter(sheet__in=locked.values()).values(
            "sheet_id", "pupil_code", *MARK_COLUMNS
        )
    }
    changes = []
    for entry in stated:
        sheet = locked[entry.class_name, entry.subject_code, entry.term]
        before, after = known.get((sheet.pk, entry.pupil_code)), entry.stated()
        if before != after:
            changes.append(_change(sheet, entry.pupil_code, before, after))
    return changes


def _change(sheet: Sheet, pupil_code: str, before: dict[str, Any] | None, after: dict[str, Any]) -> Entry:
    return Entry(
        school_code=sheet.school_code, sheet_id=sheet.pk, pupil_code=pupil_code, before=before, after=after
    )


def _dependants(changed: Sequence[Sheet], locked: Mapping[sheets.Key, Sheet]) -> list[Sheet]:
    """Sheets of term II that show a year's result which a change in term I may move."""
    known = {sheet.pk for sheet in changed}
    second = [locked[sheet.class_name, sheet.subject_code, 2] for sheet in changed if sheet.term == 1]
    return [sheet for sheet in second if sheet.version > 0 and sheet.pk not in known]


def _write_marks(changes: Sequence[Entry]) -> None:
    MarkRow.objects.bulk_create(
        [
            MarkRow(
                school_code=change.school_code,
                sheet_id=change.sheet_id,
                pupil_code=change.pupil_code,
                **change.after,
            )
            for change in changes
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["sheet", "pupil_code"],
        update_fields=MARK_COLUMNS,
    )


def _changes_of_summaries(
    school_code: str,
    school_year: str,
    locked: Mapping[sheets.Key, Sheet],
    stated: Sequence[forms.Summary],
) -> tuple[list[Entry], dict[str, SummaryRow]]:
    columns = list(workflow.SUMMARY_PART)
    known = {
        row["pupil_code"]: row
        for row in SummaryRow.objects.filter(school_code=school_code, school_year=school_year).values(
            "pupil_code", *columns
        )
    }
    changes, rows = [], {}
    for entry in stated:
        before, after = known.get(entry.pupil_code), entry.stated()
        different = [column for column in columns if before is None or before[column] != after[column]]
        for part in sorted({workflow.SUMMARY_PART[column] for column in different}):
            mine = [column for column in columns if workflow.SUMMARY_PART[column] == part]
            old = {column: before[column] for column in mine} if before else None
            sheet = locked[entry.class_name, SUMMARY, part]
            changes.append(_change(sheet, entry.pupil_code, old, {column: after[column] for column in mine}))
        if different:
            rows[entry.pupil_code] = SummaryRow(
                school_code=school_code,
                school_year=school_year,
                class_name=entry.class_name,
                pupil_code=entry.pupil_code,
                **after,
            )
    return changes, rows


def _record(
    changes: Sequence[Entry], *, tag: workflow.Tag, sheets_by_id: Mapping[int, Sheet], by: str, at: datetime
) -> None:
    """History with values, and a trail without: the trail names the sheet and the pupils."""
    pupils: dict[int, list[str]] = {}
    for change in changes:
        change.by, change.at = by, at
        pupils.setdefault(change.sheet_id, []).append(change.pupil_code)
    Entry.objects.bulk_create(changes, batch_size=BATCH)
    for sheet_id, codes in pupils.items():
        sheet = sheets_by_id[sheet_id]
        audit.record(
            tag=tag,
            target=sheets.target_of(sheet),
            by=by,
            at=at,
            school_code=sheet.school_code,
            details={"version": sheet.version, "pupils": codes},
        )
