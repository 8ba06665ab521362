"""Addresses of copies."""

from __future__ import annotations

from django.urls import path

from hocba.transcripts.copies import web

_VERSION = "hoc-ba/<uuid:transcript_id>/<int:version>"

urlpatterns = [
    path(f"{_VERSION}/sao-y", web.make, name="transcripts_copy"),
    path(f"{_VERSION}/cac-nam", web.years, name="transcripts_years"),
    path("so-sao-y/", web.register, name="transcripts_copies"),
    path("so-sao-y/<int:pk>/tep", web.file, name="transcripts_copy_file"),
]
