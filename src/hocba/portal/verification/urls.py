"""Addresses of public verification."""

from __future__ import annotations

from django.urls import path

from hocba.portal.verification import web

urlpatterns = [
    path("", web.check, name="check_file"),
    path("ket-qua", web.result_sheet, name="result_sheet"),
]
