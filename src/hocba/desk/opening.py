"""Opening a batch through any door: what the page was told before is asked again by the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from hocba.desk import deadlines, preflight, signers
from hocba.desk.errors import CertificateRefusedError
from hocba.desk.preflight import Circumstances, Level
from hocba.exchange.certificate_calendar import SIGN_BY

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.desk.ports import Desk, Opened, Order, Task
    from hocba.platform.accounts.actor import Actor


def examine(
    desk: Desk, actor: Actor, task: Task, *, order: Order, clock: datetime | None, at: datetime
) -> preflight.Preflight:
    """The pre-flight of one task of the actor."""
    return preflight.examine(
        Circumstances(
            task=task,
            person=actor.display_name,
            trust=desk.trust(task.school_code),
            deadline=deadlines.deadline_of(task.school_year, settings.HOCBA_DEADLINES, at=at),
            channel=order.channel,
            at=at,
            certificate=order.certificate,
            clock=clock,
        )
    )


def open_batch(
    desk: Desk, actor: Actor, order: Order, *, clock: datetime | None = None, at: datetime
) -> Opened:
    """Open a batch. Raises NotYoursError, NotReadyError, CertificateRefusedError (also for the clock and the day).

    The side checks order and certificate behind its locks; here only what it does not know is added.
    """
    problems = [each.detail for each in preflight.of_clock(clock, at=at) if each.level is Level.STOP]
    problems += _beyond_the_day(desk, actor, order, at=at)
    if problems:
        raise CertificateRefusedError(problems)
    return desk.open(actor, order, at=at)


def _beyond_the_day(desk: Desk, actor: Actor, order: Order, *, at: datetime) -> list[str]:
    """What stands against the certificate because of a day the operator set; nothing where none is set."""
    days = settings.HOCBA_DEADLINES
    if not any(name == SIGN_BY for _, name in days):
        return []
    task = desk.task(actor, order.task)
    deadline = deadlines.deadline_of(task.school_year, days, at=at)
    findings = preflight.of_deadline(
        signers.load(order.certificate),
        deadline,
        trust=desk.trust(task.school_code),
        school_code=task.school_code,
    )
    return [each.detail for each in findings if each.level is Level.STOP]
