"""Background work: asking for revocation lists and answers before the ones at hand run out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.utils import timezone
from procrastinate.contrib.django import app

from hocba.channels.revocation import RevocationHosts
from hocba.city.schools import queries as schools
from hocba.city.trust_sources import actions, fetching, queries
from hocba.city.trust_sources.models import SourceCheck
from hocba.platform.tenancy import scope
from hocba.signing import revocation_sources

if TYPE_CHECKING:
    from hocba.city.trust_sources.fetching import Hosts
    from hocba.signing.trust_list import TrustList

logger = logging.getLogger(__name__)

BY = "job:refresh_revocation"


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="city.refresh_revocation",
    queue="default",
    queueing_lock="city.refresh_revocation",
    pass_context=False,
)
def refresh_revocation(timestamp: int) -> None:
    """Every five minutes: fetch what is due."""
    del timestamp  # of the schedule; what is due says the clock
    refresh()


def refresh(hosts: Hosts | None = None) -> int:
    """Ask for lists, then for answers where lists do not reach; how many said something new. Again, it asks nothing.

    Nothing is asked inside a transaction: an authority that hangs must not hold the database.
    """
    with scope.whole_site():
        trust_list = schools.current_trust_list()
    if trust_list is None:
        return 0
    hosts = hosts or RevocationHosts(revocation_sources.addresses_of(trust_list))
    return _round(trust_list, hosts, SourceCheck.Kind.LIST) + _round(
        trust_list, hosts, SourceCheck.Kind.ANSWER
    )


def _round(trust_list: TrustList, hosts: Hosts, kind: SourceCheck.Kind) -> int:
    find_due = queries.due_lists if kind is SourceCheck.Kind.LIST else queries.due_answers
    with scope.whole_site():
        due = find_due(trust_list, at=timezone.now())
    outcomes = [fetching.ask(each, hosts, at=timezone.now()) for each in due]
    for outcome in outcomes:
        if outcome.problem:
            logger.warning("%s %s: %s", kind, outcome.due.address, outcome.problem)
    if not outcomes:
        return 0
    with scope.whole_site():
        return actions.record(outcomes, by=BY, at=timezone.now())
