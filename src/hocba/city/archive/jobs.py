"""Background work of the archive: time stamps over the log."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hocba.city.archive import stamping


@app.periodic(cron="* * * * *")
@app.task(name="city.stamp_log", queue="default", queueing_lock="city.stamp_log", pass_context=False)
def stamp_log(timestamp: int) -> None:
    """Every minute: have the newest checkpoint stamped when a stamp is due."""
    del timestamp  # of the schedule; what counts is the log
    stamping.stamp_newest(by="job:stamp_log", at=timezone.now())
