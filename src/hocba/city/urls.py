"""Addresses of the city side."""

from __future__ import annotations

from django.urls import include, path

from hocba.city.registration import urls as registration
from hocba.city.schools import urls as schools

urlpatterns = [
    *registration.urlpatterns,
    *schools.urlpatterns,
    path("exchange/v1/", include([*registration.machine_urlpatterns, *schools.machine_urlpatterns])),
]
