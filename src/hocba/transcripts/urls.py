"""Addresses of the transcripts side."""

from __future__ import annotations

from django.urls import include, path

from hocba.transcripts.certificates import urls as certificates
from hocba.transcripts.copies import urls as copies
from hocba.transcripts.intake import urls as intake
from hocba.transcripts.issuing import urls as issuing

urlpatterns = [
    *issuing.urlpatterns,
    *copies.urlpatterns,
    *certificates.urlpatterns,
    path("exchange/v1/", include(intake.machine_urlpatterns)),
]
