"""Background synchronisation."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hocba.tracking.roster import sync


@app.task(name="tracking.sync_roster", queue="tracking", retry=5)
def sync_roster(school_code: str, school_year: str) -> None:
    """Copy roster and certificates; doing it twice does no harm."""
    now = timezone.now()
    sync.sync_roster(school_code, school_year, by="sync", at=now)
    sync.sync_certificates(school_code, by="sync", at=now)


@app.task(name="tracking.sync_certificates", queue="tracking", retry=5)
def sync_certificates(school_code: str) -> None:
    """Copy trust and a school's approved certificates now, since somebody knows that they changed."""
    sync.sync_certificates(school_code, by="sync", at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="tracking.sync_trust",
    queue="tracking",
    queueing_lock="tracking.sync_trust",
    lock="tracking.sync_trust",
    pass_context=False,
)
def sync_trust(timestamp: int) -> None:
    """Every ten minutes: new revocation lists, and what the Sở approved or withdrew, for every school here."""
    del timestamp  # of the schedule
    sync.sync_trust(by="sync", at=timezone.now())
