"""Time stamps over the log's checkpoints: when one is due, what it costs to be without, and who is told.

One stamp over a checkpoint proves the time of every document before it, so registering never waits for one. But
without any stamp for too long nothing new is taken in: a document whose time nobody can prove is worth little
(the practice of the X-Road message log). Only where an authority is configured.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from hocba.channels import timestamps as channel
from hocba.city.archive import actions, queries
from hocba.city.schools import trust
from hocba.platform.tenancy import scope
from hocba.signing.evidence.judging import UnitJudge

if TYPE_CHECKING:
    from hocba.city.archive.models import Checkpoint

LOOK_AGAIN_SECONDS = 30.0
"""For how long a process remembers how things stand; registering asks with every document."""
RETRY_AFTER_SECONDS = 600
ALARM_AFTER = timedelta(hours=1)
"""Time without a stamp after which officers are told."""

_STANDING = """
select (select max(checkpoint_id) from city_archive_checkpointstamp),
       (select at from city_archive_checkpoint
        where size > coalesce((select max(checkpoint_id) from city_archive_checkpointstamp), 0)
        order by size limit 1)
"""


class StampOverdueError(Exception):
    """No time stamp for so long that nothing new is taken in; for people in Vietnamese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the log stands: `waiting_since` is the moment of the oldest checkpoint that no stamp covers."""

    stamped_size: int
    waiting_since: datetime | None

    def is_late(self, at: datetime) -> bool:
        """Whether officers should look at it."""
        return self.waiting_since is not None and at - self.waiting_since > ALARM_AFTER

    def is_overdue(self, at: datetime) -> bool:
        """Whether the city takes in nothing more."""
        return self.waiting_since is not None and at - self.waiting_since > stops_after()


_looked: tuple[float, Standing] | None = None


def addresses() -> list[str]:
    """The configured authorities in their order, HOCBA_TSA_URL with blanks between several."""
    return (settings.HOCBA_TSA_URL or "").split()


def every() -> timedelta:
    """HOCBA_STAMP_MINUTES: checkpoints are stamped at most this often."""
    return timedelta(minutes=settings.HOCBA_STAMP_MINUTES)


def stops_after() -> timedelta:
    """HOCBA_STAMP_STOP_HOURS: without a stamp for so long the city takes in nothing more."""
    return timedelta(hours=settings.HOCBA_STAMP_STOP_HOURS)


def standing() -> Standing:
    """How the log stands now, by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING)
        size, since = cursor.fetchone()
    return Standing(stamped_size=size or 0, waiting_since=since)


def require_going(at: datetime) -> None:
    """Raise StampOverdueError when nothing new may be taken in; asks the database now and then only."""
    global _looked
    if not addresses():
        return
    moment = time.monotonic()
    if _looked is None or moment - _looked[0] > LOOK_AGAIN_SECONDS:
        _looked = (moment, standing())
    if _looked[1].is_overdue(at):
        raise StampOverdueError(
            "Kho học bạ số tạm ngừng nhận học bạ vì chưa lấy được dấu thời gian; xin gửi lại sau."
        )


def forget() -> None:
    """Drop what is remembered, e.g. when the database behind it is another one."""
    global _looked
    _looked = None


def stamp_newest(*, by: str, at: datetime) -> bool:
    """Have the newest checkpoint stamped; False when none is due or no authority gave a stamp.

    Every refusal is kept for the officers. Asking twice does no harm, so nothing is written before the answer: a
    stamp that got lost with its process is asked for again. Opens its own scopes, none while it waits for an answer.
    """
    with scope.whole_site():
        checkpoint = _due(at)
        if checkpoint is None:
            return False
        judge = UnitJudge(trust.material())
    digest = sha256(checkpoint.note.encode()).digest()
    try:
        made = channel.stamp(
            digest,
            addresses=addresses(),
            accept=lambda token: judge.accept(token, digest, "sha256", at=at),
        )
    except channel.NoTimestampError as error:
        failures = [(refusal.host, refusal.reason) for refusal in error.refusals]
        with scope.whole_site():
            actions.keep_stamp_failures(size=checkpoint.size, failures=failures, at=at)
        return False
    with scope.whole_site():
        actions.keep_stamp(
            size=checkpoint.size,
            stamp=made.stamp,
            token=made.token,
            good_until=judge.good_until(made.stamp),
            by=by,
            at=at,
        )
    return True


def _due(at: datetime) -> Checkpoint | None:
    checkpoint = queries.newest_checkpoint() if addresses() else None
    newest = queries.newest_stamp()
    if checkpoint is None:
        return None
    if newest is None:
        return checkpoint
    is_new = checkpoint.size > newest.checkpoint_id
    return checkpoint if is_new and at - newest.stamped_at >= every() else None
