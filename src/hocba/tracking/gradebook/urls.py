"""Addresses of the gradebook."""

from __future__ import annotations

from django.urls import path

from hocba.tracking.gradebook import web

urlpatterns = [
    path("lop/<str:school_year>/<str:name>/ket-qua/", web.class_results, name="tracking_class_results"),
    path(
        "lop/<str:school_year>/<str:name>/mon/<str:subject_code>/<int:term>/",
        web.sheet,
        name="tracking_sheet",
    ),
]
