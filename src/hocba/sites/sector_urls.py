"""Addresses of the sector side: its own, sign-in, and the health checks."""

from __future__ import annotations

from django.urls import include, path

from hocba.platform.web.errors import handler400, handler403, handler404, handler500

urlpatterns = [
    path("", include("hocba.platform.accounts.urls")),
    path("", include("hocba.platform.web.urls")),
    path("", include("hocba.sector.urls")),
]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
