"""Background synchronisation."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hocba.transcripts.roster import sync


@app.task(name="transcripts.sync_roster", queue="transcripts", retry=5)
def sync_roster(school_code: str, school_year: str) -> None:
    """Copy roster, certificates and trust; doing it twice does no harm."""
    now = timezone.now()
    sync.sync_roster(school_code, school_year, by="sync", at=now)
    sync.sync_certificates(school_code, by="sync", at=now)
