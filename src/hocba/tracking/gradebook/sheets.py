"""Locking, counting and closing sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from hocba.platform.audit import actions as audit
from hocba.platform.tenancy import statements
from hocba.tracking.gradebook import workflow
from hocba.tracking.gradebook.models import Sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

Key = tuple[str, str, int]
"""Class name, subject code (or SUMMARY) and term."""

_SHEETS = """
school_code = %t and school_year = %t
    and (class_name, subject_code, term) in (select * from unnest(%t::text[], %t::text[], %t::int[]))
"""
_ALL_OR_NONE = f"""
{_SHEETS} and %b = (select count(*) from tracking_gradebook_sheet where {_SHEETS})
"""  # noqa: S608 (all of it is written above)


def lock(school_code: str, school_year: str, keys: Collection[Key]) -> dict[Key, Sheet]:
    """The sheets, made where they do not exist yet, locked until the end of the transaction.

    Always in the order of their ids, and none before all of them are there, so that two transactions never wait for
    each other.
    """
    ordered = sorted(set(keys))
    if not ordered:
        return {}
    found = _lock(school_code, school_year, ordered)
    if not found:
        _make(school_code, school_year, ordered)
        found = _lock(school_code, school_year, ordered)
    return {key: found[key] for key in ordered}


def _lock(school_code: str, school_year: str, keys: Sequence[Key]) -> dict[Key, Sheet]:
    """All of them locked, or none where one of them is missing."""
    places = [school_code, school_year, *([key[part] for key in keys] for part in range(3))]
    values = [*places, len(keys), *places]
    rows = statements.rows(Sheet, _ALL_OR_NONE, values, order="id", lock=True)
    return {key_of(sheet): sheet for sheet in rows}


def _make(school_code: str, school_year: str, keys: Sequence[Key]) -> None:
    """Those that are missing, in one order for everybody; nothing is locked before."""
    there = Sheet.objects.filter(
        school_code=school_code, school_year=school_year, class_name__in={key[0] for key in keys}
    )
    missing = set(keys).difference(there.values_list("class_name", "subject_code", "term"))
    Sheet.objects.bulk_create(
        [
            Sheet(
                school_code=school_code,
                school_year=school_year,
                class_name=name,
                subject_code=code,
                term=term,
            )
            for name, code, term in sorted(missing)
        ],
        ignore_conflicts=True,
    )


def key_of(sheet: Sheet) -> Key:
    """The key of a sheet within its school and year."""
    return (sheet.class_name, sheet.subject_code, sheet.term)


def target_of(sheet: Sheet) -> str:
    """The name of a sheet in the audit trail."""
    place = f"{sheet.class_name}:{sheet.subject_code or 'summary'}:{sheet.term}"
    return f"sheet:{sheet.school_code}:{sheet.school_year}:{place}"


def bump(sheets: Sequence[Sheet], *, at: datetime) -> None:
    """Give each (locked) sheet its next version."""
    for sheet in sheets:
        sheet.version += 1
        sheet.changed_at = at
    rows = Sheet.objects.filter(pk__in=[sheet.pk for sheet in sheets])
    rows.update(version=F("version") + 1, changed_at=at)


@transaction.atomic(savepoint=False)
def close(sheets: Iterable[Sheet], *, by: str, at: datetime) -> None:
    """Close (locked) sheets for entries: they are about to be signed. Closed ones stay as they are."""
    _set_closed(
        [sheet for sheet in sheets if sheet.closed_at is None], at, workflow.Tag.SHEET_CLOSED, by=by, at=at
    )


@transaction.atomic(savepoint=False)
def reopen(sheets: Iterable[Sheet], *, by: str, at: datetime) -> None:
    """Open (locked) sheets again: no valid signature stands on them any more."""
    closed = [sheet for sheet in sheets if sheet.closed_at is not None]
    _set_closed(closed, None, workflow.Tag.SHEET_REOPENED, by=by, at=at)


def _set_closed(
    sheets: list[Sheet], closed_at: datetime | None, tag: workflow.Tag, *, by: str, at: datetime
) -> None:
    if not sheets:
        return
    for sheet in sheets:
        sheet.closed_at = closed_at
    Sheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(closed_at=closed_at)
    audit.record_all(
        targets=[target_of(sheet) for sheet in sheets],
        tag=tag,
        by=by,
        at=at,
        school_code=sheets[0].school_code,
    )
