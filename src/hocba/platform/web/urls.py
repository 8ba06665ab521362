"""Health checks, and the mark of the house where browsers look for it."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path

from hocba.platform.accounts.guards import public


@public
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@public
def ready(request: HttpRequest) -> HttpResponse:
    """The process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ok", content_type="text/plain")


@public
def icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it beside whatever is no page of ours, such as a plain text."""
    return redirect(static("web/mark.svg"))


urlpatterns = [
    path("livez", alive, name="alive"),
    path("readyz", ready, name="ready"),
    path("favicon.ico", icon, name="icon"),
]
