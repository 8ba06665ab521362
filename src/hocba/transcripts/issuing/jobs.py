"""Background work of issuing; every job may be run again at any time."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hocba.platform.tenancy import scope
from hocba.transcripts.issuing import cleaning, rendering

QUEUE = "transcripts"


@app.task(name="transcripts.render_class", queue=QUEUE, retry=5)
def render_class(school_code: str, compilation_id: int) -> None:
    """Render every version of a class that waits for it, a few per transaction."""
    while True:
        with scope.acting_for(school_code):
            if not rendering.render_next(compilation_id, by="job:render_class", at=timezone.now()):
                return


@app.task(name="transcripts.forget_working_bytes", queue=QUEUE, retry=5)
def forget_working_bytes(school_code: str, compilation_id: int) -> None:
    """Empty the working rows of versions whose files the city has archived."""
    with scope.acting_for(school_code):
        cleaning.forget_working_bytes(compilation_id)
