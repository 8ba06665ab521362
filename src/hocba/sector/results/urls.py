"""Addresses of reported results, for machines only."""

from __future__ import annotations

from django.urls import path

from hocba.sector.results import rest

_CLASS = "schools/<str:school_code>/{what}/<str:school_year>/<str:class_name>"

machine_urlpatterns = [
    path(
        _CLASS.format(what="results") + "/<str:subject_code>/<int:term>", rest.results, name="sector_results"
    ),
    path(_CLASS.format(what="class-results"), rest.class_results, name="sector_class_results"),
]
