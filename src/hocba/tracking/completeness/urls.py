"""Addresses of the completeness report."""

from __future__ import annotations

from django.urls import path

from hocba.tracking.completeness import web

urlpatterns = [
    path("do-day-du/<str:school_year>/", web.school_page, name="tracking_completeness"),
    path("lop/<str:school_year>/<str:name>/do-day-du/", web.class_page, name="tracking_completeness_class"),
    path("api/completeness/<str:school_year>", web.school_json, name="tracking_completeness_api"),
    path(
        "api/completeness/<str:school_year>/<str:name>",
        web.class_json,
        name="tracking_completeness_class_api",
    ),
]
