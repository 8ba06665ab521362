"""Writing down what questions came to, and handing on what is new."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from hocba.city.schools import actions as schools
from hocba.city.schools import queries as schools_queries
from hocba.city.trust_sources import queries
from hocba.city.trust_sources.models import SourceCheck

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hocba.city.trust_sources.fetching import Outcome

__all__ = ["record"]


OLDER = "older than the one at hand"


@transaction.atomic
def record(outcomes: Sequence[Outcome], *, by: str, at: datetime) -> int:
    """Write every attempt down and give new lists and answers to the register; how many said something new."""
    fetched = {
        _file_name(outcome): outcome.content
        for outcome in outcomes
        if outcome.outcome is SourceCheck.Outcome.NEW
    }
    kept = schools.keep_fetched(fetched, by=by, at=at)
    SourceCheck.objects.bulk_create(
        _row(replace(outcome, outcome=SourceCheck.Outcome.FAILED, problem=OLDER), at=at)
        if _file_name(outcome) in kept.older
        else _row(outcome, at=at)
        for outcome in outcomes
    )
    if kept.new:
        schools.notice_revocations(by=by, at=at)
    return len(kept.new)


def _row(outcome: Outcome, *, at: datetime) -> SourceCheck:
    due = outcome.due
    same = outcome.outcome is SourceCheck.Outcome.SAME
    before = queries.newest_good(due) if same else None
    return SourceCheck(
        kind=due.kind,
        address=due.address,
        subject=due.subject,
        at=at,
        outcome=outcome.outcome,
        problem=outcome.problem,
        digest=hashlib.sha256(outcome.content).hexdigest() if outcome.content else "",
        this_update=before.this_update if before else outcome.this_update,
        next_update=before.next_update if before else outcome.next_update,
        etag=outcome.validators.etag or (before.etag if before else ""),
        last_modified=outcome.validators.last_modified or (before.last_modified if before else ""),
    )


def _file_name(outcome: Outcome) -> str:
    """One name per source, so that the newest counts: of a list its address too, since it may come in parts."""
    due = outcome.due
    if due.certificate is not None:
        return schools_queries.answer_name(due.subject)
    place = hashlib.sha256(due.address.encode()).hexdigest()[:12]
    return f"fetched-{due.subject[:32]}-{place}.crl"
