"""Brings rows of a table to a stated content, and says what changed: the way every import writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model, QuerySet

BATCH = 1000

Key = TypeVar("Key", str, int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[Key]):
    """Keys of the rows that an import made and changed; empty when it said nothing new."""

    created: tuple[Key, ...] = ()
    changed: tuple[Key, ...] = ()

    @property
    def touched(self) -> tuple[Key, ...]:
        """Everything that is not as it was."""
        return self.created + self.changed


def merge(
    rows: QuerySet[Any], *, key: str, stated: Mapping[Key, Mapping[str, Any]], common: Mapping[str, Any]
) -> Outcome[Key]:
    """Create and update rows so that each of `stated` (by key) holds; rows not stated stay as they are.

    `common` are the columns that all rows share, such as the school. A row that already says the same is not
    written.
    """
    model: type[Model] = rows.model
    known = {getattr(row, key): row for row in rows.select_for_update().filter(**common)}
    created = [
        model(**common, **{key: name}, **values) for name, values in stated.items() if name not in known
    ]
    changed = {name for name, values in stated.items() if name in known and _apply(known[name], values)}
    model._default_manager.bulk_create(created, batch_size=BATCH)
    if changed:
        columns = sorted({column for name in changed for column in stated[name]})
        model._default_manager.bulk_update(
            [known[name] for name in sorted(changed)], columns, batch_size=BATCH
        )
    return Outcome(created=tuple(getattr(row, key) for row in created), changed=tuple(sorted(changed)))


def _apply(row: Model, values: Mapping[str, Any]) -> bool:
    different = {column: value for column, value in values.items() if getattr(row, column) != value}
    for column, value in different.items():
        setattr(row, column, value)
    return bool(different)
