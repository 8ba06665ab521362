"""Addresses of the register."""

from __future__ import annotations

from django.urls import path

from hocba.city.registration import rest, web

urlpatterns = [
    path("", web.home, name="city_home"),
    path("so-dang-ki/", web.search, name="city_search"),
    path("so-dang-ki/<int:pk>/", web.entry, name="city_entry"),
]

machine_urlpatterns = [
    path("files/<str:digest>", rest.file, name="city_exchange_file"),
    path("class-records/<uuid:record_id>", rest.class_record, name="city_exchange_class_record"),
    path(
        "transcripts/<uuid:transcript_id>/versions/<int:version>",
        rest.transcript,
        name="city_exchange_transcript",
    ),
    path(
        "register/<uuid:transcript_id>/versions/<int:version>",
        rest.register_entry,
        name="city_exchange_register_entry",
    ),
]
