"""Addresses of the signing desk and of signed files."""

from __future__ import annotations

from django.urls import path

from hocba.tracking.sealing import desk_pages, rest, web

urlpatterns = [
    path("so/<uuid:document_id>.xml", web.download, name="tracking_download"),
    path("ky-so/<uuid:batch_id>/", desk_pages.batch, name="tracking_signing_batch"),
    path("ky-so/<uuid:batch_id>/<str:item_id>/", desk_pages.item, name="tracking_signing_item"),
    path(
        "ky-so/<uuid:batch_id>/<str:item_id>/tep",
        desk_pages.item_file,
        name="tracking_signing_item_file",
    ),
    path("api/signing/tasks", rest.list_tasks, name="tracking_signing_tasks"),
    path("api/signing/batches", rest.open_batch, name="tracking_signing_batches"),
    path(
        "api/signing/batches/<uuid:batch_id>/signatures",
        rest.take_signatures,
        name="tracking_signing_signatures",
    ),
]
