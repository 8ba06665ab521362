"""Addresses of issuing."""

from __future__ import annotations

from django.urls import path

from hocba.transcripts.issuing import desk_pages, rest, web

_VERSION = "hoc-ba/<uuid:transcript_id>/<int:version>"

urlpatterns = [
    path("", web.home, name="transcripts_home"),
    path("lop/<int:pk>/", web.class_transcripts, name="transcripts_class"),
    path("lop/<int:pk>/tep.zip", web.class_archive, name="transcripts_class_archive"),
    path(f"{_VERSION}/xml", web.xml, name="transcripts_xml"),
    path(f"{_VERSION}/pdf", web.pdf, name="transcripts_pdf"),
    path(f"{_VERSION}/bien-nhan", web.receipt, name="transcripts_receipt"),
    path(f"{_VERSION}/gui-lai", web.send_again, name="transcripts_send_again"),
    path("ky-so/<uuid:batch_id>/", desk_pages.batch, name="transcripts_signing_batch"),
    path("ky-so/<uuid:batch_id>/<int:item_id>/", desk_pages.item, name="transcripts_signing_item"),
    path(
        "ky-so/<uuid:batch_id>/<int:item_id>/tep",
        desk_pages.item_file,
        name="transcripts_signing_item_file",
    ),
    path("api/signing/tasks", rest.list_tasks, name="transcripts_signing_tasks"),
    path("api/signing/batches", rest.open_batch, name="transcripts_signing_batches"),
    path(
        "api/signing/batches/<uuid:batch_id>/signatures",
        rest.complete_batch,
        name="transcripts_signing_signatures",
    ),
    path("api/transcripts", rest.list_transcripts, name="transcripts_list"),
]
