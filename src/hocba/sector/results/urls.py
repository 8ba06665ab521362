"""Addresses of reported results, for machines only."""

from __future__ import annotations

from django.urls import path

from hocba.sector.results import rest

_PLACE = "<str:school_code>/{what}/<str:school_year>/<str:class_name>/<str:subject_code>/<int:term>"

machine_urlpatterns = [
    path("schools/" + _PLACE.format(what="results"), rest.results, name="sector_results"),
    path("schools/" + _PLACE.format(what="class-results"), rest.class_results, name="sector_class_results"),
]
