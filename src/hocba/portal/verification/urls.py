"""Addresses of public verification."""

from __future__ import annotations

from django.urls import path

from hocba.portal.verification import web

urlpatterns = [
    path("", web.check, name="check_file"),
    path("ket-qua", web.result_sheet, name="result_sheet"),
    path("ho-so-bang-chung", web.evidence_bundle, name="evidence_bundle"),
]
