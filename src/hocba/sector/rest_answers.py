"""Answers of the machine endpoints of this side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from hocba.exchange.problems import MEDIA_TYPE, ProblemDetails, ProblemItem

if TYPE_CHECKING:
    from collections.abc import Iterable


def problem(status: int, title: str, items: Iterable[ProblemItem] = ()) -> HttpResponse:
    """A problem document (RFC 9457) with everything that is wrong."""
    details = ProblemDetails(status=status, title=title, errors=tuple(items))
    return HttpResponse(details.to_json(), status=status, content_type=MEDIA_TYPE)


def json_body(content: bytes, *, status: int = 200) -> HttpResponse:
    """A message as the body."""
    return HttpResponse(content, status=status, content_type="application/json")
