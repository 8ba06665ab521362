"""Reading the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.platform.audit.models import AuditEvent

if TYPE_CHECKING:
    from django.db.models import QuerySet


def list_events_of(target: str) -> QuerySet[AuditEvent]:
    """Events on one target, oldest first."""
    return AuditEvent.objects.filter(target=target).order_by("id")
