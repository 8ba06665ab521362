"""Sending a refused version once more: the same files, the city validates them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hocba.platform.files import store
from hocba.transcripts.issuing import sending
from hocba.transcripts.issuing.workflow import TAG_SENT_AGAIN
from hocba.transcripts.records import actions as recording
from hocba.transcripts.records import queries as records
from hocba.transcripts.records import workflow

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def send_again(version_id: int, *, by: str, at: datetime) -> None:
    """Put both files into the outbox again. Raises workflow.TransitionError unless the city refused it."""
    moved = recording.advance(
        [version_id],
        before=workflow.Status.REFUSED_BY_CITY,
        after=workflow.Status.SEALED,
        by=by,
        at=at,
        tag=TAG_SENT_AGAIN,
    )
    if not moved:
        raise workflow.TransitionError("Sở chưa từ chối học bạ này")
    version = records.get_version_by_pk(version_id)
    issued = version.issued
    again = sending.SealedFiles(
        version=version,
        xml=store.get(issued.xml_digest),
        pdf=store.get(issued.pdf_digest),
        xml_digest=issued.xml_digest,
        pdf_digest=issued.pdf_digest,
    )
    sending.send([again], at=at)
