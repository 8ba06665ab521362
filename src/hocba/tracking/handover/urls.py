"""Addresses of the overview."""

from __future__ import annotations

from django.urls import path

from hocba.tracking.handover import web

urlpatterns = [
    path("", web.home, name="tracking_home"),
    path("lop/<str:school_year>/<str:name>/", web.class_page, name="tracking_class"),
]
