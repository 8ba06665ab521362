"""Addresses of the city side."""

from __future__ import annotations

from django.urls import include, path

from hocba.city.preservation import urls as preservation
from hocba.city.registration import urls as registration
from hocba.city.schools import urls as schools
from hocba.city.trust_sources import urls as trust_sources

urlpatterns = [
    *registration.urlpatterns,
    *schools.urlpatterns,
    *trust_sources.urlpatterns,
    *preservation.urlpatterns,
    path(
        "exchange/v1/",
        include(
            [
                *registration.machine_urlpatterns,
                *schools.machine_urlpatterns,
                *preservation.machine_urlpatterns,
            ]
        ),
    ),
]
