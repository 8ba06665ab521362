"""Following what another side publishes: one question for what changed after a mark, then only those things.

Whatever was named stays wanted until it is copied: an answer that is lost, or one thing that cannot be taken over,
costs nothing but another try, and keeps no other thing waiting.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max

from hocba.platform.messages.models import FollowedThing
from hocba.platform.tenancy import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What the other side named: its newest version, and the version of each thing that changed after the mark."""

    version: int
    versions: Mapping[str, int]


def follow(
    feed: str,
    *,
    ask: Callable[[int], Listed],
    take: Callable[[str], bool],
    mine: Collection[str],
    troubles: tuple[type[Exception], ...],
) -> int:
    """Ask what changed, then `take` each thing among `mine` that is not copied yet; how many said something new.

    One thing's trouble is written down, and tried again with the next call. `ask` raises as it likes, and nothing is
    changed. One call for a feed at a time.
    """
    with scope.whole_site():
        mark = mark_of(feed)
    listed = ask(mark)
    starts_again = listed.version < mark
    if starts_again:
        # A database restored from a backup numbers anew from there: what we know of versions means nothing.
        logger.warning("%s: version %s after %s, everything is copied again", feed, listed.version, mark)
        listed = ask(0)
    with scope.whole_site():
        _note(feed, listed.versions, starts_again=starts_again)
        due = [(name, named) for name, named in _due(feed) if name in mine]
    count = 0
    for name, named in due:
        try:
            count += take(name)
        except troubles as trouble:
            logger.warning("%s: %s is not copied: %s", feed, name or "the first", trouble)
        else:
            with scope.whole_site():
                FollowedThing.objects.filter(feed=feed, name=name).update(taken=named)
    return count


def mark_of(feed: str) -> int:
    """Up to which version the changes of a feed are known; 0 at the beginning."""
    found = FollowedThing.objects.filter(feed=feed).aggregate(newest=Max("named"))["newest"]
    return int(found or 0)


@transaction.atomic
def _note(feed: str, versions: Mapping[str, int], *, starts_again: bool) -> None:
    if starts_again:
        FollowedThing.objects.filter(feed=feed).delete()
    FollowedThing.objects.bulk_create(
        [FollowedThing(feed=feed, name=name, named=version) for name, version in versions.items()],
        update_conflicts=True,
        unique_fields=["feed", "name"],
        update_fields=["named"],
    )


def _due(feed: str) -> list[tuple[str, int]]:
    rows = FollowedThing.objects.filter(feed=feed).exclude(named=F("taken")).order_by("name")
    return list(rows.values_list("name", "named"))
