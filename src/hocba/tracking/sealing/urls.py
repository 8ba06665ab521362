"""Addresses of the signing desk and of signed files."""

from __future__ import annotations

from django.urls import path

from hocba.desk.urls import addresses
from hocba.tracking.sealing import web
from hocba.tracking.sealing.desk import DESK

urlpatterns = [
    path("so/<uuid:document_id>.xml", web.download, name="tracking_download"),
    *addresses(DESK),
]
