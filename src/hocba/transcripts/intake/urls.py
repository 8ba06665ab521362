"""Addresses for the tracking side, for machines only."""

from __future__ import annotations

from django.urls import path

from hocba.transcripts.intake import rest

machine_urlpatterns = [
    path("files/<str:digest>", rest.file, name="transcripts_exchange_file"),
    path("class-records/<uuid:record_id>", rest.class_record, name="transcripts_exchange_class_record"),
]
