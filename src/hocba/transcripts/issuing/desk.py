"""This side's signing desk (`hocba.desk.ports.Side`): transcripts of a class, one slot at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.desk import ports
from hocba.desk.channels import Channel
from hocba.desk.errors import NotReadyError, NotYoursError
from hocba.desk.joint.desk import JointDesk
from hocba.platform.audit import actions as audit
from hocba.platform.json_requests import row_id
from hocba.regulations import curriculum
from hocba.transcripts.issuing import actions, opening, reading, tasks, workflow
from hocba.transcripts.issuing.models import SigningBatch
from hocba.transcripts.issuing.workflow import BatchStatus, ItemStatus, SlotName
from hocba.transcripts.records.actions import target_of
from hocba.transcripts.records.workflow import TAG_READ
from hocba.transcripts.roles import Permission
from hocba.transcripts.roster import queries as roster
from hocba.transcripts.roster import trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from hocba.platform.accounts.actor import Actor
    from hocba.signing.trust import TrustMaterial

_UNKNOWN = "Lượt ký không có văn bản này."


class TranscriptsDesk:
    """See `hocba.desk.ports.Side`."""

    name = "transcripts"
    home = "transcripts_home"
    permission = Permission.SIGN

    def tasks(self, actor: Actor) -> list[ports.Task]:
        """See the port."""
        return [_task(each) for each in tasks.list_tasks(actor)]

    def task(self, actor: Actor, task_id: str) -> ports.Task:
        """See the port."""
        found = tasks.find_task(actor, task_id)
        if found is None:
            raise NotYoursError
        if not found.ready:
            raise NotReadyError(f"Chưa đến lượt ký: {found.waiting_for}.")
        return _task(found)

    def trust(self, school_code: str) -> TrustMaterial:
        """See the port."""
        return trust.material(school_code)

    def school_name(self, school_code: str) -> str:
        """See the port."""
        return roster.name_of_school(school_code)

    def hold(self, actor: Actor, names: Sequence[str]) -> None:
        """See the port."""
        opening.lock_tasks(names)

    def hold_batches(self, held: Sequence[ports.Batch]) -> None:
        """See the port."""
        opening.lock_tasks(batch.task for batch in held)

    def open(self, actor: Actor, order: ports.Order, *, at: datetime) -> ports.Opened:
        """See the port."""
        opened = actions.open_batch(order=order, actor=actor, at=at)
        return ports.Opened(batch=_batch(opened.batch, at=at), items=opened.shown, count=opened.count)

    def open_batches(self, actor: Actor, *, at: datetime) -> list[ports.Batch]:
        """See the port."""
        rows = SigningBatch.objects.select_related("compilation").filter(
            opened_by=actor.name, status=BatchStatus.OPEN, expires_at__gte=at
        )
        return [_batch(row, at=at) for row in rows.order_by("opened_at")]

    def ended_batches(self, actor: Actor, *, limit: int, at: datetime) -> list[ports.Batch]:
        """See the port."""
        rows = SigningBatch.objects.select_related("compilation").filter(opened_by=actor.name)
        found = rows.exclude(status=BatchStatus.OPEN, expires_at__gte=at).order_by("-opened_at")[:limit]
        return [_batch(row, at=at) for row in found if reading.may_sign(actor, row)]

    def batch(self, actor: Actor, batch_id: UUID, *, at: datetime) -> ports.Batch:
        """See the port."""
        return _batch(reading.own_batch(actor, batch_id), at=at)

    def batches(self, actor: Actor, batch_ids: Iterable[UUID], *, at: datetime) -> list[ports.Batch]:
        """See the port."""
        rows = SigningBatch.objects.select_related("compilation").filter(pk__in=list(batch_ids))
        found = rows.filter(opened_by=actor.name)
        return [_batch(row, at=at) for row in found if reading.may_sign(actor, row)]

    def pending(
        self, actor: Actor, batch_id: UUID, *, after: int, limit: int, at: datetime
    ) -> list[ports.Item]:
        """See the port."""
        batch = reading.batch_of(actor, batch_id, at=at)
        rows = batch.items.filter(status=ItemStatus.PENDING, pk__gt=after).order_by("pk")
        # Of what was prepared only the bytes to be signed leave: the rest, PDFs among it, need not be read.
        found = rows.select_related("version").defer("prepared", "signed")[:limit]
        return [opening.item_of(row, row.version.pupil_name) for row in found]

    def complete(
        self, actor: Actor, batch_id: UUID, signatures: Mapping[str, bytes], *, at: datetime
    ) -> ports.Outcome:
        """See the port."""
        known = {pk: value for name, value in signatures.items() if (pk := row_id(name)) is not None}
        unknown = [(name, _UNKNOWN) for name in signatures if row_id(name) is None]
        outcome = actions.complete_batch(batch_id=batch_id, signatures=known, actor=actor, at=at)
        refused = [(str(pk), reason) for pk, reason in outcome.refused]
        return ports.Outcome(signed=outcome.signed, refused=(*refused, *unknown))

    def stop(self, actor: Actor, batch_id: UUID, *, at: datetime) -> None:
        """See the port."""
        actions.stop_batch(batch_id=batch_id, actor=actor, at=at)

    def results(self, actor: Actor, batch_id: UUID) -> Mapping[str, ports.Result]:
        """See the port."""
        rows = reading.own_batch(actor, batch_id).items.values_list("pk", "status", "reason")
        return {
            str(pk): ports.Result(is_signed=status == ItemStatus.SIGNED, reason=reason)
            for pk, status, reason in rows
        }

    def read(self, actor: Actor, batch_id: UUID, item_id: str, *, at: datetime) -> ports.Reading:
        """See the port."""
        pk = row_id(item_id)
        if pk is None:
            raise NotYoursError
        found = reading.item_of(actor, batch_id, pk)
        version = found.item.version
        audit.record(
            tag=TAG_READ,
            target=target_of(version.transcript_id, version.version),
            by=actor.name,
            at=at,
            school_code=version.school_code,
            details={"file": f"{'signed' if found.is_file else 'to be signed'}, {found.item.kind}"},
        )
        presentation = found.presentation_outline()
        return ports.Reading(
            title=f"Học bạ của {version.pupil_name}",
            kind=found.item.kind,
            note=_note(found),
            octets=found.octets,
            outline=found.outline(),
            further=(("Bản thể hiện PDF của học bạ", presentation),) if presentation else (),
        )


def _note(found: reading.ToSign) -> str:
    if found.is_file:
        return "Đây là nội dung của học bạ; tệp tải về có mọi chữ ký số đã có đến nay."
    if found.item.kind == "pdf":
        return "Bản PDF tải về trình bày đúng các nội dung dưới đây."
    if found.item.region:
        subject = curriculum.name_of(found.item.region)
        return f"Chữ ký của bạn xác nhận kết quả môn {subject} dưới đây; họ và tên chỉ để nhận biết học sinh."
    if found.item.slot == SlotName.SEAL:
        return "Đây là mọi nội dung mà chữ ký số của nhà trường xác nhận, cùng các chữ ký số đã có trong tệp tải về."
    return "Đây là toàn bộ nội dung mà chữ ký của bạn xác nhận."


def _task(task: tasks.Task) -> ports.Task:
    documents = task.documents if task.ready else 0
    return ports.Task(
        id=task.id,
        title=task.title,
        slot=task.slot.name,
        position=task.slot.position,
        school_code=task.compilation.school_code,
        school_year=task.compilation.school_year,
        holder=task.holder,
        documents=documents,
        signatures=documents * len(task.slot.kinds),
        waiting=0 if task.ready else task.documents,
        waiting_for=task.waiting_for,
        unit="học bạ" if task.slot.name is not SlotName.SUBJECT else "kết quả môn học",
    )


def _batch(row: SigningBatch, *, at: datetime) -> ports.Batch:
    slot = workflow.SLOTS[SlotName(row.slot)]
    state = ports.State(row.status)
    if state is ports.State.OPEN and at > row.expires_at:
        state = ports.State.EXPIRED
    return ports.Batch(
        id=row.pk,
        task=f"{slot.name}:{row.compilation_id}",
        title=tasks.title_of(slot, row.compilation),
        slot=row.slot,
        position=slot.position,
        school_code=row.school_code,
        holder=row.holder,
        by=row.opened_by,
        certificate=bytes(row.certificate),
        channel=Channel(row.channel),
        state=state,
        digest=row.digest,
        listing=row.listing,
        opened_at=row.opened_at,
        expires_at=row.expires_at,
    )


DESK: ports.Desk = JointDesk(TranscriptsDesk())
