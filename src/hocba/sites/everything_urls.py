"""Addresses of all sides at once, each below its own name; tests only."""

from __future__ import annotations

from django.urls import include, path

from hocba.platform.web.errors import handler400, handler403, handler404, handler500

urlpatterns = [
    path("", include("hocba.platform.accounts.urls")),
    path("", include("hocba.platform.web.urls")),
    path("sector/", include("hocba.sector.urls")),
    path("tracking/", include("hocba.tracking.urls")),
    path("transcripts/", include("hocba.transcripts.urls")),
    path("city/", include("hocba.city.urls")),
    path("portal/", include("hocba.portal.urls")),
]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
