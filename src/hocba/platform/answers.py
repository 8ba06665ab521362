"""Answers to programs: JSON as it is, problems as RFC 9457 with everything that is wrong at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from django.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PROBLEM = "application/problem+json"
JSON = "application/json"


class Item(Protocol):
    """One of several errors: `detail` is Vietnamese, `pointer` a JSON pointer to the culprit or ""."""

    @property
    def code(self) -> str:
        """For programs."""

    @property
    def detail(self) -> str:
        """For people."""

    @property
    def pointer(self) -> str:
        """Where."""


def problem(status: int, title: str, items: Iterable[Item] = (), *, detail: str = "") -> HttpResponse:
    """A problem; members that say nothing are left out (RFC 9457 section 3.1)."""
    members: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        members["detail"] = detail
    errors = [
        {"code": each.code, "detail": each.detail} | ({"pointer": each.pointer} if each.pointer else {})
        for each in items
    ]
    if errors:
        members["errors"] = errors
    return json_answer(members, status=status, content_type=PROBLEM)


def json_answer(members: Mapping[str, Any], *, status: int = 200, content_type: str = JSON) -> HttpResponse:
    """An object as JSON, Vietnamese as it is written."""
    return HttpResponse(
        json.dumps(members, ensure_ascii=False).encode(), status=status, content_type=content_type
    )


def json_body(content: bytes, *, status: int = 200) -> HttpResponse:
    """Octets that are JSON already: a message."""
    return HttpResponse(content, status=status, content_type=JSON)
