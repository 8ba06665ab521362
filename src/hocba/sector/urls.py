"""Addresses of the sector side."""

from __future__ import annotations

from django.urls import include, path

from hocba.sector.assignments import urls as assignments
from hocba.sector.results import urls as results

urlpatterns = [
    *assignments.urlpatterns,
    path("exchange/v1/", include([*assignments.machine_urlpatterns, *results.machine_urlpatterns])),
]
