"""Background work: collecting evidence as stamps come in, and renewing stamps before they end."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from hocba.city.preservation import collecting, renewing

logger = logging.getLogger(__name__)

MOST_BATCHES = 20
"""Batches of one run; the next minute goes on."""


@app.periodic(cron="* * * * *")
@app.task(name="city.preserve", queue="default", queueing_lock="city.preserve", lock="city.preserve")
def preserve(timestamp: int) -> None:
    """Every minute: keep the evidence of documents that a stamp covers since."""
    del timestamp  # of the schedule
    for _ in range(MOST_BATCHES):
        if collecting.collect(by="job:preserve", at=timezone.now()) < collecting.BATCH:
            return


@app.periodic(cron="40 2 * * *")
@app.task(name="city.renew_evidence", queue="default", queueing_lock="city.renew_evidence")
def renew_evidence(timestamp: int) -> None:
    """Every night: renew stamps and digests that come near their end."""
    del timestamp  # of the schedule
    outcome = renewing.renew(by="job:renew_evidence", at=timezone.now())
    if outcome.stuck:
        logger.error("archive time stamps could not be renewed: no authority gave one")
