"""Writing the trail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocba.platform.audit.models import AuditEvent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

TAG = re.compile(r"[a-z_]+:[a-z_]+:[a-z_]+")


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
    AuditEvent.objects.bulk_create(
        AuditEvent(at=at, tag=tag, target=target, by=by, school_code=school_code, details=details or {})
        for target in targets
    )
