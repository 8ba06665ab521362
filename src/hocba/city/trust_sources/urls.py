"""Addresses of the pages about whom the Sở trusts."""

from __future__ import annotations

from django.urls import path

from hocba.city.trust_sources import web

urlpatterns = [
    path("nguon-tin-cay/", web.trusted, name="city_trusted"),
    path("nguon-tin-cay/nap", web.load, name="city_load_trust_list"),
]
