"""One thing at a time per class: whatever moves documents takes this lock first, so that nobody deadlocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable


def lock_classes(school_code: str, school_year: str, names: Iterable[str]) -> None:
    """Hold the class records of these classes until the end of the transaction."""
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            cursor.execute(
                "select pg_advisory_xact_lock(hashtextextended(%s, 31))",
                [f"{school_code}:{school_year}:{name}"],
            )
