"""Background work: asking for revocation lists and answers before the ones at hand run out."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils import timezone
from procrastinate.contrib.django import app

from hocba.channels.revocation import RevocationHosts
from hocba.city.schools import queries as schools
from hocba.city.trust_sources import actions, fetching, queries
from hocba.platform.tenancy import scope
from hocba.signing import revocation_sources

if TYPE_CHECKING:
    from hocba.city.trust_sources.fetching import Hosts, Outcome
    from hocba.city.trust_sources.queries import Due

logger = logging.getLogger(__name__)

BY = "job:refresh_revocation"


RUN_SECONDS = 180.0
"""After so long a run asks nothing more; with the question under way it ends within four minutes."""
KEEP_SECONDS = 10.0
MOST_UNKEPT = 50
"""Outcomes are written down at least so often: each write with news makes every process read trust again."""


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="city.refresh_revocation",
    queue="default",
    queueing_lock="city.refresh_revocation",
    lock="city.refresh_revocation",
    pass_context=False,
)
def refresh_revocation(timestamp: int) -> None:
    """Every five minutes: fetch what is due. One run at a time: a second one waits for it."""
    del timestamp  # of the schedule; what is due says the clock
    refresh()


def refresh(hosts: Hosts | None = None, *, all_lists: bool = False) -> int:
    """Ask for lists, then for answers where lists do not reach; how many said something new. Again, it asks nothing,
    but with `all_lists`: somebody knows of a revocation and does not want to wait until a list is due.

    Nothing is asked inside a transaction: an authority that hangs must not hold the database. A host that hangs is
    asked once in a run, and a run ends in time, so that it holds neither the others' questions nor the worker.
    """
    with scope.whole_site():
        trust_list = schools.current_trust_list()
    if trust_list is None:
        return 0
    hosts = hosts or RevocationHosts(revocation_sources.addresses_of(trust_list))
    run = _Run(hosts=hosts, end=time.monotonic() + RUN_SECONDS)
    with scope.whole_site():
        due = queries.due_lists(trust_list, at=timezone.now(), all_of_them=all_lists)
    run.ask(due)
    with scope.whole_site():
        due = queries.due_answers(trust_list, at=timezone.now())
    run.ask(due)
    return run.news


@dataclass(slots=True, kw_only=True)
class _Run:
    """One run: who was silent in it, and what is not written down yet."""

    hosts: Hosts
    end: float
    news: int = 0
    _silent: set[str] = field(default_factory=set)
    _unkept: list[Outcome] = field(default_factory=list)
    _kept_at: float = field(default_factory=time.monotonic)

    def ask(self, due: list[Due]) -> None:
        """Ask what is due, as long as there is time."""
        for each in due:
            if time.monotonic() >= self.end:
                logger.warning("%s: not everything was asked in time, the next run goes on", each.kind)
                break
            if _host(each.address) not in self._silent:
                self._take(fetching.ask(each, self.hosts, at=timezone.now()))
        self._keep()

    def _take(self, outcome: Outcome) -> None:
        if outcome.problem:
            logger.warning("%s %s: %s", outcome.due.kind, outcome.due.address, outcome.problem)
        if outcome.is_silent:
            self._silent.add(_host(outcome.due.address))
        self._unkept.append(outcome)
        if len(self._unkept) >= MOST_UNKEPT or time.monotonic() - self._kept_at > KEEP_SECONDS:
            self._keep()

    def _keep(self) -> None:
        if self._unkept:
            with scope.whole_site():
                self.news += actions.record(self._unkept, by=BY, at=timezone.now())
        self._unkept, self._kept_at = [], time.monotonic()


def _host(address: str) -> str:
    return urlsplit(address).netloc
