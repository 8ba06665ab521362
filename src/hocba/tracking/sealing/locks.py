"""One thing at a time per class: whatever moves documents takes this lock first, so that nobody deadlocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable


Place = tuple[str, str, str]
"""School code, school year and class name."""

_LOCK = """
select pg_advisory_xact_lock(hashtextextended(name, 31))
from unnest(%s::text[]) with ordinality as wanted(name, place) order by place
"""


def lock_classes(school_code: str, school_year: str, names: Iterable[str]) -> None:
    """Hold the class records of these classes until the end of the transaction."""
    lock_places((school_code, school_year, name) for name in names)


def lock_places(places: Iterable[tuple[str, ...]]) -> None:
    """The same over several years: with one statement, always in the order of school, year and name."""
    wanted = [":".join(place) for place in sorted(set(places))]
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [wanted])
