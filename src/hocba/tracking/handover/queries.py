"""Reading hand-overs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.tracking.handover import workflow
from hocba.tracking.handover.models import Handover

if TYPE_CHECKING:
    from django.db.models import QuerySet


def list_handovers(school_code: str, school_year: str) -> QuerySet[Handover]:
    """Hand-overs of a year by class and recipient."""
    rows: QuerySet[Handover] = Handover.objects.filter(school_code=school_code, school_year=school_year)
    return rows.order_by("class_name", "-recipient", "-version")


def state_name(row: Handover) -> str:
    """The state in words."""
    return workflow.STATE_NAMES[workflow.State(row.state)]
