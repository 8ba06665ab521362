"""Addresses of the portal."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("hocba.portal.verification.urls"))]
