"""How numbers, dates and names stand on a Vietnamese page."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone

register = template.Library()


@register.filter
def mark(value: str | None) -> str:
    """A mark with a decimal comma; Đ and CĐ for comment results; a dash where there is none."""
    return {None: "–", "": "–", "D": "Đ", "CD": "CĐ"}.get(value) or str(value).replace(".", ",")


@register.filter
def moment(value: datetime | None) -> str:
    """An instant as 30/05/2025 10:11:12 in Vietnam's time."""
    return timezone.localtime(value).strftime("%d/%m/%Y %H:%M:%S") if value else "–"


@register.filter
def written_moment(value: str | None) -> str:
    """An instant that a document or message writes in ISO 8601, as `moment` shows it."""
    return moment(datetime.fromisoformat(value)) if value else "–"


@register.filter
def written_date(value: str) -> str:
    """A date in ISO 8601, maybe partial, in the order of Vietnamese writing: "2013-07" is 07/2013."""
    return "/".join(reversed(value.split("-"))) if value else "–"


@register.filter
def masked(value: str) -> str:
    """A personal ID with its middle hidden, for lists."""
    return f"{value[:3]}•••••{value[-4:]}" if value else "–"
