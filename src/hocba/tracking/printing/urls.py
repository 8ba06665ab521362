"""Addresses of printed forms."""

from __future__ import annotations

from django.urls import path

from hocba.tracking.printing import web

urlpatterns = [
    path(
        "lop/<str:school_year>/<str:name>/bieu-mau/<slug:form>.<str:extension>",
        web.class_form,
        name="tracking_class_form",
    ),
    path("so-giao-vien/<str:school_year>.<str:extension>", web.teacher_book, name="tracking_teacher_book"),
]
