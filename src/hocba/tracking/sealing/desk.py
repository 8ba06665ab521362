"""This side's signing desk (`hocba.desk.ports.Side`): documents of the class record, over all classes of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.desk import ports
from hocba.desk.channels import Channel
from hocba.desk.joint.desk import JointDesk
from hocba.platform.audit import actions as audit
from hocba.tracking.roles import Permission
from hocba.tracking.roster import queries as roster
from hocba.tracking.roster import trust
from hocba.tracking.sealing import batches, ending, freezing, reading, signing, tasks, workflow
from hocba.tracking.sealing.errors import OrderError
from hocba.tracking.sealing.models import BatchItem, SigningBatch
from hocba.tracking.sealing.workflow import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from hocba.platform.accounts.actor import Actor
    from hocba.signing.trust import TrustMaterial


class TrackingDesk:
    """See `hocba.desk.ports.Side`."""

    name = "tracking"
    home = "tracking_home"
    permission = Permission.SIGN

    def tasks(self, actor: Actor) -> list[ports.Task]:
        """See the port."""
        return [_task(actor, each) for each in tasks.tasks_of(actor)]

    def task(self, actor: Actor, task_id: str) -> ports.Task:
        """See the port."""
        key = tasks.TaskKey.parse(task_id)
        tasks.check_role(actor, key)
        found = tasks.find_task(actor, key)
        if found is None:
            raise OrderError(
                tasks.why_not_yet(actor.school_code, key) or "Không còn sổ nào chờ bạn ký trong việc này."
            )
        if not found.ready:
            raise OrderError(f"Chưa ký được: {found.waiting_for}.")
        return _task(actor, found)

    def trust(self, school_code: str) -> TrustMaterial:
        """See the port."""
        return trust.material(school_code)

    def school_name(self, school_code: str) -> str:
        """See the port."""
        found = roster.school_of(school_code)
        return found.name if found else school_code

    def hold(self, actor: Actor, names: Sequence[str]) -> None:
        """See the port."""
        batches.lock_tasks(actor, [tasks.TaskKey.parse(name) for name in names])

    def hold_batches(self, held: Sequence[ports.Batch]) -> None:
        """See the port."""
        ending.lock_classes_of([batch.id for batch in held])

    def open(self, actor: Actor, order: ports.Order, *, at: datetime) -> ports.Opened:
        """See the port."""
        opened = batches.open_batch(actor=actor, order=order, at=at)
        items = [batches.item_of(item) for item in opened.items]
        return ports.Opened(batch=_batch(opened.batch, at=at), items=items, count=opened.count)

    def open_batches(self, actor: Actor, *, at: datetime) -> list[ports.Batch]:
        """See the port."""
        rows = SigningBatch.objects.filter(by=actor.name, state=SigningBatch.State.OPEN, expires_at__gte=at)
        return [_batch(row, at=at) for row in rows.order_by("signed_at")]

    def ended_batches(self, actor: Actor, *, limit: int, at: datetime) -> list[ports.Batch]:
        """See the port."""
        rows = SigningBatch.objects.filter(by=actor.name).exclude(
            state=SigningBatch.State.OPEN, expires_at__gte=at
        )
        found = rows.order_by("-signed_at")[:limit]
        return [_batch(row, at=at) for row in found if reading.may_sign(actor, row)]

    def batch(self, actor: Actor, batch_id: UUID, *, at: datetime) -> ports.Batch:
        """See the port."""
        return _batch(reading.own_batch(actor, batch_id), at=at)

    def batches(self, actor: Actor, batch_ids: Iterable[UUID], *, at: datetime) -> list[ports.Batch]:
        """See the port."""
        rows = SigningBatch.objects.filter(uuid__in=list(batch_ids), by=actor.name)
        return [_batch(row, at=at) for row in rows if reading.may_sign(actor, row)]

    def pending(
        self, actor: Actor, batch_id: UUID, *, after: int, limit: int, at: datetime
    ) -> list[ports.Item]:
        """See the port."""
        batch = reading.batch_of(actor, batch_id, at=at)
        rows = batch.items.filter(state=BatchItem.State.PENDING, pk__gt=after).order_by("pk")
        return [batches.item_of(row) for row in rows.defer("prepared")[:limit]]

    def complete(
        self, actor: Actor, batch_id: UUID, signatures: Mapping[str, bytes], *, at: datetime
    ) -> ports.Outcome:
        """See the port."""
        outcome = signing.take_signatures(actor=actor, batch_id=batch_id, signatures=signatures, at=at)
        return ports.Outcome(signed=outcome.signed, refused=outcome.refused)

    def stop(self, actor: Actor, batch_id: UUID, *, at: datetime) -> None:
        """See the port."""
        reading.own_batch(actor, batch_id)
        ending.stop_batch(batch_id, by=actor.name, at=at)

    def results(self, actor: Actor, batch_id: UUID) -> Mapping[str, ports.Result]:
        """See the port."""
        rows = reading.own_batch(actor, batch_id).items.values_list("signature_id", "state", "reason")
        return {
            name: ports.Result(is_signed=state == BatchItem.State.SIGNED, reason=reason)
            for name, state, reason in rows
        }

    def read(self, actor: Actor, batch_id: UUID, item_id: str, *, at: datetime) -> ports.Reading:
        """See the port."""
        found = reading.item_of(actor, batch_id, item_id, at=at)
        audit.record(
            tag=workflow.Tag.READ_TO_SIGN,
            target=freezing.target_of(found.item.document),
            by=actor.name,
            at=at,
            school_code=actor.school_code,
        )
        return ports.Reading(
            title=found.item.title,
            kind="xml",
            note=_NOTE_OF_SEAL if found.item.batch.slot == Slot.SEAL else _NOTE,
            octets=found.octets,
            outline=found.outline(),
        )


_NOTE = "Đây là toàn bộ nội dung mà chữ ký của bạn xác nhận."
_NOTE_OF_SEAL = (
    "Đây là mọi nội dung mà chữ ký số của nhà trường xác nhận, cùng các chữ ký số đã có trong tệp tải về."
)


def _task(actor: Actor, task: tasks.Task) -> ports.Task:
    return ports.Task(
        id=str(task.key),
        title=task.key.title,
        slot=task.key.slot.value,
        position=workflow.POSITIONS[task.key.slot],
        school_code=actor.school_code,
        school_year=task.key.school_year,
        holder=tasks.signer_code(actor, task.key.slot),
        documents=task.ready,
        signatures=task.ready,
        waiting=task.waiting,
        waiting_for=task.waiting_for,
        unit="sổ",
    )


def _batch(row: SigningBatch, *, at: datetime) -> ports.Batch:
    state = ports.State(row.state)
    if state is ports.State.OPEN and at > row.expires_at:
        state = ports.State.EXPIRED
    return ports.Batch(
        id=row.uuid,
        task=row.task,
        title=tasks.TaskKey.parse(row.task).title,
        slot=row.slot,
        position=workflow.POSITIONS[Slot(row.slot)],
        school_code=row.school_code,
        holder=row.holder,
        by=row.by,
        certificate=bytes(row.certificate),
        channel=Channel(row.channel),
        state=state,
        digest=f"sha256:{row.digest}",
        listing=row.listing,
        opened_at=row.signed_at,
        expires_at=row.expires_at,
    )


DESK: ports.Desk = JointDesk(TrackingDesk())
