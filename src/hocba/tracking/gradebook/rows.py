"""Rows of sheets and summaries with the history of every change, whatever a row holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from hocba.platform.audit import actions as audit
from hocba.platform.tenancy.inserting import insert_rows
from hocba.tracking.gradebook import sheets
from hocba.tracking.gradebook.models import SUMMARY, Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hocba.tracking.gradebook import workflow
    from hocba.tracking.gradebook.models import (
        MarkRow,
        PrimaryMarkRow,
        PrimarySummaryRow,
        Sheet,
        SummaryRow,
    )


class Stated(Protocol):
    """An entry: a pupil of a class, and what it says as columns."""

    @property
    def class_name(self) -> str:
        """Name of the class."""

    @property
    def pupil_code(self) -> str:
        """Code of the pupil."""

    def stated(self) -> dict[str, Any]:
        """The columns of the row."""


class StatedOnSheet(Stated, Protocol):
    """An entry on a subject sheet."""

    @property
    def subject_code(self) -> str:
        """Code of the subject."""

    @property
    def term(self) -> int:
        """The term."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry changes in a pupil's row of a sheet: its columns before (None: there was no row) and after."""

    sheet: Sheet
    pupil_code: str
    before: dict[str, Any] | None
    after: dict[str, Any]


@dataclass(frozen=True)
class SheetRows:
    """Rows of subject sheets: their table and the columns that are entered."""

    model: type[MarkRow | PrimaryMarkRow]
    columns: tuple[str, ...]

    def changes(self, locked: Mapping[sheets.Key, Sheet], stated: Sequence[StatedOnSheet]) -> list[Change]:
        """A change for every row that differs from what is known."""
        known = {
            (row["sheet_id"], row["pupil_code"]): {column: row[column] for column in self.columns}
            for row in self.model.objects.filter(sheet__in=locked.values()).values(
                "sheet_id", "pupil_code", *self.columns
            )
        }
        changes = []
        for entry in stated:
            sheet = locked[entry.class_name, entry.subject_code, entry.term]
            before, after = known.get((sheet.pk, entry.pupil_code)), entry.stated()
            if before != after:
                changes.append(Change(sheet, entry.pupil_code, before, after))
        return changes

    def write(self, changes: Sequence[Change]) -> None:
        """Make the rows say what the changes say."""
        insert_rows(
            self.model,
            [
                {
                    "school_code": change.sheet.school_code,
                    "sheet_id": change.sheet.pk,
                    "pupil_code": change.pupil_code,
                    **change.after,
                }
                for change in changes
            ],
            replacing=["sheet_id", "pupil_code"],
        )


@dataclass(frozen=True)
class SummaryRows:
    """Rows of class summaries: their table, and the part (term or whole year) that each column belongs to."""

    model: type[SummaryRow | PrimarySummaryRow]
    part_of: Mapping[str, int]

    def lock(self, school_code: str, school_year: str, names: set[str]) -> dict[sheets.Key, Sheet]:
        """The summary sheets of some classes, locked."""
        parts = sorted(set(self.part_of.values()))
        keys = {(name, SUMMARY, part) for name in names for part in parts}
        return sheets.lock(school_code, school_year, keys)

    def changes(
        self,
        school_code: str,
        school_year: str,
        locked: Mapping[sheets.Key, Sheet],
        stated: Sequence[Stated],
    ) -> tuple[list[Change], list[dict[str, Any]]]:
        """A change for every part of a row that differs from what is known, and the rows as they become."""
        columns = list(self.part_of)
        known = {
            row["pupil_code"]: row
            for row in self.model.objects.filter(school_code=school_code, school_year=school_year).values(
                "pupil_code", *columns
            )
        }
        changes: list[Change] = []
        rows: dict[str, dict[str, Any]] = {}
        for entry in stated:
            before, after = known.get(entry.pupil_code), entry.stated()
            different = [column for column in columns if before is None or before[column] != after[column]]
            for part in sorted({self.part_of[column] for column in different}):
                mine = [column for column in columns if self.part_of[column] == part]
                old = {column: before[column] for column in mine} if before else None
                sheet = locked[entry.class_name, SUMMARY, part]
                changes.append(
                    Change(sheet, entry.pupil_code, old, {column: after[column] for column in mine})
                )
            if different:
                rows[entry.pupil_code] = {
                    "school_code": school_code,
                    "school_year": school_year,
                    "class_name": entry.class_name,
                    "pupil_code": entry.pupil_code,
                    **after,
                }
        return changes, list(rows.values())

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Make the table have these rows."""
        insert_rows(self.model, rows, replacing=["school_code", "school_year", "pupil_code"])


def sheets_of(changes: Sequence[Change], locked: Mapping[sheets.Key, Sheet]) -> list[Sheet]:
    """The sheets that the changes are on."""
    touched = {change.sheet.pk for change in changes}
    return [sheet for sheet in locked.values() if sheet.pk in touched]


def record(
    changes: Sequence[Change], *, tag: workflow.Tag, changed: Sequence[Sheet], by: str, at: datetime
) -> None:
    """History with values, and a trail without: the trail names the sheet and the pupils."""
    sheets_by_id = {sheet.pk: sheet for sheet in changed}
    pupils: dict[int, list[str]] = {}
    for change in changes:
        pupils.setdefault(change.sheet.pk, []).append(change.pupil_code)
    insert_rows(
        Entry,
        [
            {
                "school_code": change.sheet.school_code,
                "sheet_id": change.sheet.pk,
                "pupil_code": change.pupil_code,
                "by": by,
                "at": at.isoformat(),
                "before": change.before,
                "after": change.after,
            }
            for change in changes
        ],
    )
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
