"""Addresses of people and classes."""

from __future__ import annotations

from django.urls import path

from hocba.sector.assignments import rest, web

urlpatterns = [
    path("", web.home, name="sector_home"),
    path("truong/<str:school_code>/<str:school_year>/lop/<str:name>/", web.class_group, name="sector_class"),
]

machine_urlpatterns = [
    path("schools/<str:school_code>/roster", rest.roster, name="sector_roster"),
]
