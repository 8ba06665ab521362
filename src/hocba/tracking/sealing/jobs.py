"""Background comparison with the sector database, and the end of batches nobody signed."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hocba.platform.tenancy import scope
from hocba.tracking.sealing import ending, fetching


@app.task(name="tracking.compare_classes", queue="tracking", retry=5)
def compare_classes(school_code: str, school_year: str, class_name: str | None = None) -> None:
    """Fetch, compare and freeze what can be frozen; doing it twice does no harm."""
    fetching.compare_classes(school_code, school_year, by="compare", at=timezone.now(), class_name=class_name)


@app.periodic(cron="* * * * *")
@app.task(name="tracking.end_batches", queue="tracking", queueing_lock="tracking.end_batches")
def end_batches(timestamp: int = 0) -> None:
    """End batches whose time is over, so that their sheets take marks again."""
    now = timezone.now()
    with scope.whole_site():
        expired = ending.schools_with_expired_batches(now)
    for school_code, batch_ids in expired.items():
        for batch_id in batch_ids:
            with scope.acting_for(school_code):
                ending.end_batch(batch_id, by="job:end_batches", at=now)
