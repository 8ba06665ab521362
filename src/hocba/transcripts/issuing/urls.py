"""Addresses of issuing."""

from __future__ import annotations

from django.urls import path

from hocba.desk.urls import addresses
from hocba.transcripts.issuing import rest, web
from hocba.transcripts.issuing.desk import DESK

_VERSION = "hoc-ba/<uuid:transcript_id>/<int:version>"

urlpatterns = [
    path("", web.home, name="transcripts_home"),
    path("lop/<int:pk>/", web.class_transcripts, name="transcripts_class"),
    path("lop/<int:pk>/tep.zip", web.class_archive, name="transcripts_class_archive"),
    path(f"{_VERSION}/xml", web.xml, name="transcripts_xml"),
    path(f"{_VERSION}/pdf", web.pdf, name="transcripts_pdf"),
    path(f"{_VERSION}/bien-nhan", web.receipt, name="transcripts_receipt"),
    path(f"{_VERSION}/gui-lai", web.send_again, name="transcripts_send_again"),
    path("api/transcripts", rest.list_transcripts, name="transcripts_list"),
    *addresses(DESK),
]
