"""Addresses of the overview."""

from __future__ import annotations

from django.urls import path

from hocba.tracking.handover import web

urlpatterns = [
    path("", web.home, name="tracking_home"),
    path("lop/<str:school_year>/<str:name>/", web.class_page, name="tracking_class"),
    path(
        "ket-chuyen/<uuid:document_id>/<str:recipient>/gui-lai/",
        web.send_again,
        name="tracking_send_again",
    ),
]
