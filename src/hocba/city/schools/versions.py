"""The growing version of everything trusted, that processes compare and other sides follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from hocba.city.schools.models import TrustChange

if TYPE_CHECKING:
    from datetime import datetime

# Any fixed number that nothing else in this database locks; versions of trust must appear in their order.
_LOCK = 5280


def announce(reason: str, school_code: str, *, at: datetime) -> None:
    """Make a new version of everything trusted, in the order of commits."""
    one_at_a_time()
    TrustChange.objects.create(reason=reason, school_code=school_code, at=at)


def one_at_a_time() -> None:
    """Until the end of the transaction nobody else makes a version."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
