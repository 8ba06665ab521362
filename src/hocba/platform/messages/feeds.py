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

from hocba.platform.messages.models import Feed, FollowedThing
from hocba.platform.tenancy import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import date

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
    today: date,
) -> int:
    """Ask what changed, then `take` each thing among `mine` that is not copied yet; how many said something new.

    The first call of a day copies everything again: a side restored from a backup may have numbered past our mark
    before we asked, and then nothing else would tell. One thing's trouble is written down, and tried again with the
    next call. `ask` raises as it likes, and nothing is changed. One call for a feed at a time.
    """
    with scope.whole_site():
        mark = mark_of(feed)
        starts_again = not Feed.objects.filter(name=feed, asked_for_all_on=today).exists()
    listed = ask(0 if starts_again else mark)
    if listed.version < mark and not starts_again:
        # A database restored from a backup numbers anew from there: what we know of versions means nothing.
        logger.warning("%s: version %s after %s, everything is copied again", feed, listed.version, mark)
        starts_again = True
        listed = ask(0)
    with scope.whole_site():
        _note(feed, listed.versions, anew_on=today if starts_again else None)
        due = [(name, named) for name, named in _due(feed) if name in mine]
    return sum(_copied(feed, name, named, take, troubles) for name, named in due)


def take_again(feed: str, names: Collection[str]) -> None:
    """Have the next call take these once more: somebody copied them past the feed, perhaps an older state after it."""
    with scope.whole_site():
        FollowedThing.objects.filter(feed=feed, name__in=names).update(taken=0)


def _copied(
    feed: str, name: str, named: int, take: Callable[[str], bool], troubles: tuple[type[Exception], ...]
) -> bool:
    # Neither 0 nor copied: whoever sets it to 0 meanwhile is noticed, and after a crash it is wanted still.
    underway = named + 1
    thing = FollowedThing.objects.filter(feed=feed, name=name)
    with scope.whole_site():
        thing.update(taken=underway)
    try:
        news = take(name)
    except troubles as trouble:
        logger.warning("%s: %s is not copied: %s", feed, name, trouble)
        return False
    with scope.whole_site():
        thing.filter(taken=underway).update(taken=named)
    return news


def mark_of(feed: str) -> int:
    """Up to which version the changes of a feed are known; 0 at the beginning."""
    found = FollowedThing.objects.filter(feed=feed).aggregate(newest=Max("named"))["newest"]
    return int(found or 0)


@transaction.atomic
def _note(feed: str, versions: Mapping[str, int], *, anew_on: date | None) -> None:
    if anew_on is not None:
        FollowedThing.objects.filter(feed=feed).delete()
        Feed.objects.update_or_create(name=feed, defaults={"asked_for_all_on": anew_on})
    FollowedThing.objects.bulk_create(
        [FollowedThing(feed=feed, name=name, named=version) for name, version in versions.items()],
        update_conflicts=True,
        unique_fields=["feed", "name"],
        update_fields=["named"],
    )


def _due(feed: str) -> list[tuple[str, int]]:
    rows = FollowedThing.objects.filter(feed=feed).exclude(named=F("taken")).order_by("name")
    return list(rows.values_list("name", "named"))
