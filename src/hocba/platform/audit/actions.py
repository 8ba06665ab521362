"""Writing the trail."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

TAG = re.compile(r"[a-z_]+:[a-z_]+:[a-z_]+")


_INSERT = """
insert into platform_audit_auditevent (at, tag, target, by, school_code, details)
select %s, %s, target, %s, %s, %s::jsonb from unnest(%s::text[]) with ordinality as given(target, place) order by place
"""


class TagError(ValueError):
    """A tag does not follow source:subject:action."""


def record(
    *,
    tag: str,
    target: str,
    by: str,
    at: datetime,
    school_code: str = "",
    details: dict[str, object] | None = None,
) -> None:
    """Write one event; call it inside the transaction of the change."""
    record_all(targets=[target], tag=tag, by=by, at=at, school_code=school_code, details=details)


def record_all(
    *,
    targets: Iterable[str],
    tag: str,
    by: str,
    at: datetime,
    school_code: str = "",
    details: dict[str, object] | None = None,
) -> None:
    """Write the same act on many targets with one statement."""
    if not TAG.fullmatch(tag):
        raise TagError(tag)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [at, tag, by, school_code, json.dumps(details or {}), list(targets)])
