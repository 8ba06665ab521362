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


@app.task(name="transcripts.sync_certificates", queue="transcripts", retry=5)
def sync_certificates(school_code: str) -> None:
    """Copy trust and a school's approved certificates now, since somebody knows that they changed."""
    sync.sync_certificates(school_code, by="sync", at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="transcripts.sync_trust",
    queue="transcripts",
    queueing_lock="transcripts.sync_trust",
    lock="transcripts.sync_trust",
    pass_context=False,
)
def sync_trust(timestamp: int) -> None:
    """Every ten minutes: new revocation lists, and what the Sở approved or withdrew, for every school here."""
    del timestamp  # of the schedule
    sync.sync_trust(by="sync", at=timezone.now())
