"""The guard in front of every address. A view without one is refused by the test of all addresses."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse

from hocba.platform.accounts.actor import Actor
from hocba.platform.tenancy import scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]


def requires(permission: str) -> Callable[[View], View]:
    """Let in actors with the permission; the view runs in the scope of the actor's school."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = actor_of(request)
            if actor.user_id is None:
                return _ask_to_sign_in(request)
            if not actor.may(permission):
                raise PermissionDenied
            with scope_of(actor):
                return view(request, *args, **kwargs)

        guarded.guard = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """Let in everybody with an account, whatever the role; no scope of a school is opened."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if actor_of(request).user_id is None:
            return _ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.guard = "signed_in"  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """Anybody may come here; say so on purpose."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the middleware found."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def scope_of(actor: Actor) -> AbstractContextManager[None]:
    """The tenancy scope an actor works in. Raises PermissionDenied for an account without a place.

    It is the request's own transaction: what fails in it takes back the whole request.
    """
    if actor.is_whole_site:
        return scope.whole_site(savepoint=False)
    if not actor.school_code:
        raise PermissionDenied
    return scope.acting_for(actor.school_code, savepoint=False)


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"title": "Hãy đăng nhập trước.", "status": 401}, status=401)
    return redirect_to_login(request.get_full_path())
