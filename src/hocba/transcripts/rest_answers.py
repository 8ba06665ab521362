"""Answers to other sides: problems as RFC 9457, bodies as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from hocba.exchange.problems import MEDIA_TYPE, ProblemDetails, ProblemItem

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ProblemItem", "json_body", "problem"]


def problem(status: int, title: str, items: Sequence[ProblemItem] = (), *, detail: str = "") -> HttpResponse:
    """A problem with all its errors."""
    details = ProblemDetails(status=status, title=title, detail=detail, errors=tuple(items))
    return HttpResponse(details.to_json().encode(), status=status, content_type=MEDIA_TYPE)


def json_body(content: bytes, *, status: int = 200) -> HttpResponse:
    """A JSON message."""
    return HttpResponse(content, status=status, content_type="application/json")
