"""Declaring certificates to the Sở, and telling it that somebody leaves."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Max

from hocba.exchange import messages
from hocba.platform.audit import actions as audit
from hocba.platform.messages import actions as outbox
from hocba.transcripts.certificates import queries
from hocba.transcripts.certificates.models import SentCertificate
from hocba.transcripts.roster import actions as roster_actions
from hocba.transcripts.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["TAG_ENDED", "UnknownHolderError", "declare", "end_duty", "keep_answer"]

TAG_ENDED = "certificates:duty:ended"
ANSWERED = "transcripts.duty_ended"
DECLARED = "transcripts.certificates_declared"


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


@transaction.atomic
def declare(
    items: Sequence[messages.DeclaredCertificate], *, school_code: str, by: str, at: datetime
) -> None:
    """Declare certificates to the Sở (Quy chế Điều 21.8), in one declaration that gets one answer.

    Only the new ones are in it: the Sở keeps those it knows.
    """
    at = at.replace(microsecond=0)
    declaration = messages.CertificateDeclaration(
        school=school_code,
        school_name=roster.name_of_school(school_code),
        version=_next_version(school_code, at),
        declared_at=at,
        certificates=tuple(items),
    )
    SentCertificate.objects.bulk_create(
        SentCertificate(
            school_code=school_code,
            version=declaration.version,
            der=base64.b64decode(item.der),
            holder=item.holder,
            name=item.name,
            positions=list(item.positions),
            sent_at=at,
            sent_by=by,
        )
        for item in items
    )
    roster_actions.declare_certificates(declaration, by=by, at=at, handler=DECLARED)


@transaction.atomic
def keep_answer(*, school_code: str, version: int, problems: Sequence[str], at: datetime) -> None:
    """Write down that the Sở took a declaration, or (with problems) did not. Again, it changes nothing."""
    outcomes = SentCertificate.Outcome
    SentCertificate.objects.filter(school_code=school_code, version=version, outcome=outcomes.SENT).update(
        outcome=outcomes.NOT_TAKEN if problems else outcomes.TAKEN,
        answered_at=at,
        problem="\n".join(problems),
    )


def _next_version(school_code: str, at: datetime) -> int:
    """The moment, as the command numbers declarations too; two of one second must still differ.

    Until the end of the transaction nobody else of the school gets one: an answer names its declaration by it.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 32))", [school_code])
    newest = SentCertificate.objects.filter(school_code=school_code).aggregate(newest=Max("version"))[
        "newest"
    ]
    return max(int(at.timestamp()), (newest or 0) + 1)
