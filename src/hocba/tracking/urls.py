"""Addresses of the tracking side."""

from __future__ import annotations

from hocba.tracking.completeness import urls as completeness
from hocba.tracking.gradebook import urls as gradebook
from hocba.tracking.handover import urls as handover
from hocba.tracking.printing import urls as printing
from hocba.tracking.sealing import urls as sealing

urlpatterns = [
    *handover.urlpatterns,
    *gradebook.urlpatterns,
    *sealing.urlpatterns,
    *completeness.urlpatterns,
    *printing.urlpatterns,
]
