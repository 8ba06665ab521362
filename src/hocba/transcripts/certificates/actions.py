"""Telling the Sở that somebody leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hocba.exchange import messages
from hocba.platform.audit import actions as audit
from hocba.platform.messages import actions as outbox
from hocba.transcripts.certificates import queries

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["TAG_ENDED", "UnknownHolderError", "end_duty"]

TAG_ENDED = "certificates:duty:ended"
ANSWERED = "transcripts.duty_ended"


class UnknownHolderError(Exception):
    """Nobody of that code holds an approved certificate of the school."""


@transaction.atomic
def end_duty(
    *,
    school_code: str,
    holder: str,
    ends_at: datetime,
    handed_over: bool,
    record: str,
    by: str,
    at: datetime,
) -> None:
    """Ask the Sở to end a leaver's approvals from `ends_at` on (Quy chế Điều 16.2). Raises UnknownHolderError.

    That a device was handed over is recorded, and gives nobody the right to sign with it (Điều 7.3).
    """
    if holder not in dict(queries.list_holders(school_code, at=at)):
        raise UnknownHolderError(holder)
    ending = messages.DutyEnding(
        school=school_code,
        holder=holder,
        ends_at=ends_at.replace(microsecond=0),
        reported_at=at.replace(microsecond=0),
        handed_over=handed_over,
        record=record,
    )
    audit.record(
        tag=TAG_ENDED,
        target=f"holder:{holder}",
        by=by,
        at=at,
        school_code=school_code,
        details={"ends_at": ending.ends_at.isoformat(), "handed_over": handed_over, "record": record},
    )
    outbox.enqueue(
        recipient="city",
        method="PUT",
        path=f"/exchange/v1/schools/{school_code}/duty-endings/{holder}",
        body=messages.to_bytes(ending),
        content_type="application/json",
        stream=f"certificates:{school_code}",
        at=at,
        school_code=school_code,
        handler=ANSWERED,
        context={"school_code": school_code},
    )
