"""Addresses of the pages about certificates."""

from __future__ import annotations

from django.urls import path

from hocba.transcripts.certificates import declaring_pages, web

urlpatterns = [
    path("chung-thu-so/", web.calendar_page, name="transcripts_certificates"),
    path("chung-thu-so/lich.json", web.calendar_json, name="transcripts_certificates_json"),
    path("chung-thu-so/lich.csv", web.calendar_csv, name="transcripts_certificates_csv"),
    path("chung-thu-so/khai-bao", declaring_pages.declared_page, name="transcripts_declared"),
    path("chung-thu-so/khai-bao/doc", declaring_pages.read_files, name="transcripts_read_certificates"),
    path("chung-thu-so/khai-bao/gui", declaring_pages.declare, name="transcripts_declare"),
    path("api/certificates", declaring_pages.declared_json, name="transcripts_declared_json"),
    path("chung-thu-so/ban-giao", web.end_duty, name="transcripts_end_duty"),
]
