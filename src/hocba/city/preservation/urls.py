"""Addresses of preservation."""

from __future__ import annotations

from django.urls import path

from hocba.city.preservation import rest, web

urlpatterns = [
    path("luu-tru-lau-dai/", web.overview, name="city_preservation"),
    path(
        "bang-chung/<uuid:transcript_id>/<int:version>/",
        web.evidence,
        name="city_evidence",
    ),
]

machine_urlpatterns = [
    path(
        "evidence/<uuid:transcript_id>/versions/<int:version>",
        rest.evidence,
        name="city_exchange_evidence",
    ),
]
