"""Addresses of all sides at once, each below its own name; tests only."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

urlpatterns = [
    path("", include("hocba.platform.accounts.urls")),
    path("", include("hocba.platform.web.urls")),
]
for side in ("sector", "tracking", "transcripts", "city", "portal"):
    if find_spec(f"hocba.{side}.urls"):  # until every side is built
        urlpatterns.append(path(f"{side}/", include(f"hocba.{side}.urls")))
