"""An open batch that a new list of the same task would replace: who asks for the list must say that they mean it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.desk import channels
from hocba.desk.channels import Channel
from hocba.desk.errors import StandingBatchError
from hocba.desk.joint import tasks as joint_tasks
from hocba.signing.instants import moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hocba.desk.ports import Batch, Desk
    from hocba.platform.accounts.actor import Actor


def batches_of(desk: Desk, actor: Actor, task_id: str, *, at: datetime) -> list[Batch]:
    """The actor's open batches in which anything of a task, or of tasks put together, still waits."""
    names = set(joint_tasks.names_of(task_id))
    return [
        batch
        for batch in desk.open_batches(actor, at=at)
        if any(part.task in names for part in batch.open_parts)
    ]


def give_up(desk: Desk, actor: Actor, batches: Iterable[Batch], task_id: str, *, at: datetime) -> None:
    """Stop what these batches have of a task; the rest of a joint list stays open."""
    names = set(joint_tasks.names_of(task_id))
    parts = [part for batch in batches for part in batch.open_parts if part.task in names]
    desk.hold_batches(parts)
    for part in parts:
        desk.stop(actor, part.id, at=at)


def check_form(desk: Desk, actor: Actor, task_id: str, *, replace: bool, at: datetime) -> None:
    """A person at a page is asked whatever the open batch is. Raises StandingBatchError."""
    for batch in [] if replace else batches_of(desk, actor, task_id, at=at):
        raise StandingBatchError(sentence(batch.channel, batch.opened_at))


def check(rows: Iterable[tuple[str, datetime]], *, replace: bool) -> None:
    """Open batches (channel, moment of opening) that are about to be replaced, seen behind the lock.

    A package may be under way for days, so nobody replaces it unasked. What a program or a screen left open a moment
    ago is replaced at once: that is how both go on after a crash. Raises StandingBatchError.
    """
    for channel, opened_at in [] if replace else rows:
        if channel == Channel.OFFLINE:
            raise StandingBatchError(sentence(Channel.OFFLINE, opened_at))


def sentence(channel: Channel, opened_at: datetime) -> str:
    """What the person is asked."""
    return (
        f"Việc này đang có lượt ký mở lúc {moment(opened_at)} ({channels.TITLES[channel]}). Lập danh sách mới sẽ bỏ "
        "lượt đó, chữ ký gửi về cho nó không được nhận nữa: hãy ký tiếp lượt đó, hoặc xác nhận bỏ."
    )
