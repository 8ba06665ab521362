"""Background comparison with the sector database."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hocba.tracking.sealing import fetching


@app.task(name="tracking.compare_classes", queue="tracking", retry=5)
def compare_classes(school_code: str, school_year: str, class_name: str | None = None) -> None:
    """Fetch, compare and freeze what can be frozen; doing it twice does no harm."""
    fetching.compare_classes(school_code, school_year, by="compare", at=timezone.now(), class_name=class_name)
