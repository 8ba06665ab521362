"""Puts the actor on the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from hocba.platform.accounts import queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class ActorMiddleware:
    """`request.actor`: looked up once, when a view first asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach a lazy actor."""
        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: queries.actor_of(
                request.user, on=timezone.localdate(), school_code=request.session.get("school_code")
            )
        )
        return self.get_response(request)
