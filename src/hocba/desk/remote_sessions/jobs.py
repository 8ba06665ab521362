"""The job that signs a session, and the one that ends what was left behind."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from procrastinate.contrib.django import app

from hocba.desk.remote_sessions import running

if TYPE_CHECKING:
    from hocba.desk.remote_sessions.models import RemoteSession

QUEUE = "remote_signing"
FORGOTTEN_AFTER = timedelta(hours=1)
"""A session nobody touched for so long is over, and its secrets with it."""


@app.task(name="desk.sign_remotely", queue=QUEUE, retry=3)
def sign_remotely(school_code: str, session: str) -> None:
    """Sign what is authorised; again, it goes on where it was."""
    running.run(school_code, session)


@app.periodic(cron="*/10 * * * *")
@app.task(name="desk.end_remote_sessions", queue=QUEUE, queueing_lock="desk.end_remote_sessions")
def end_remote_sessions(timestamp: int = 0) -> None:
    """End sessions that were left behind."""
    now = timezone.now()
    running.end_forgotten(before=now - FORGOTTEN_AFTER, at=now)


def defer(row: RemoteSession) -> None:
    """Have a session signed once this transaction stands; never by two workers at once."""
    task = sign_remotely.configure(lock=f"desk.sign_remotely:{row.pk}")
    task.defer(school_code=row.school_code, session=str(row.pk))
