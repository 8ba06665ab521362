"""A side's desk that can take several tasks at once; a single task goes straight to the side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction

from hocba.desk import channels, frozen, ports
from hocba.desk.errors import BatchOverError, CertificateRefusedError, DeskError, NotYoursError
from hocba.desk.joint import tasks as joint_tasks
from hocba.desk.joint.models import JointBatch
from hocba.desk.ports import State
from hocba.platform.audit import actions as audit
from hocba.signing import certificates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from hocba.platform.accounts.actor import Actor
    from hocba.signing.trust import TrustMaterial

TAG_OPENED = "desk:joint:opened"
_ENDS = (State.STOPPED, State.EXPIRED, State.SUPERSEDED)
"""How a part can be over without all of it signed."""
_ORDER = (State.OPEN, *_ENDS, State.COMPLETED)
"""What a joint list is called: the first of these that any of its parts is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Joint:
    """A joint batch and those of its parts that are still the actor's."""

    row: JointBatch
    parts: Sequence[ports.Batch]

    @property
    def state(self) -> State:
        """OPEN while any part is."""
        states = {part.state for part in self.parts}
        return next(state for state in _ORDER if state in states)

    def as_batch(self) -> ports.Batch:
        """As the desk shows it: what the parts have in common, and the joint list."""
        return replace(
            self.parts[0],
            id=self.row.pk,
            task=joint_tasks.name_of(part.task for part in self.parts),
            title=joint_tasks.title_of([part.title for part in self.parts]),
            slot=joint_tasks.name_of(dict.fromkeys(part.slot for part in self.parts)),
            state=self.state,
            digest=self.row.digest,
            listing=self.row.listing,
            parts=tuple(self.parts),
        )


class JointDesk:
    """See `hocba.desk.ports.Desk`; `side` has the tasks and batches."""

    def __init__(self, side: ports.Side) -> None:
        self.side = side
        self.name, self.home, self.permission = side.name, side.home, side.permission

    def tasks(self, actor: Actor) -> list[ports.Task]:
        """See the port."""
        return self.side.tasks(actor)

    def task(self, actor: Actor, task_id: str) -> ports.Task:
        """See the port; several names together are one task."""
        named = [self.side.task(actor, name) for name in joint_tasks.names_of(task_id)]
        # A side may read several names as the same task; what stands in a list twice would be signed twice.
        found = list({task.id: task for task in named}.values())
        return found[0] if len(found) == 1 else joint_tasks.together(found)

    def trust(self, school_code: str) -> TrustMaterial:
        """See the port."""
        return self.side.trust(school_code)

    def school_name(self, school_code: str) -> str:
        """See the port."""
        return self.side.school_name(school_code)

    def hold_batches(self, batches: Sequence[ports.Batch]) -> None:
        """See the port."""
        self.side.hold_batches([part for batch in batches for part in batch.parts or (batch,)])

    def open(self, actor: Actor, order: ports.Order, *, at: datetime) -> ports.Opened:
        """See the port."""
        if len(joint_tasks.names_of(order.task)) == 1:
            return self.side.open(actor, order, at=at)
        task = self.task(actor, order.task)
        names = [part.id for part in task.parts]
        if not names:
            return self.side.open(actor, replace(order, task=task.id), at=at)
        with transaction.atomic():
            self.side.hold(actor, names)
            opened = [
                self.side.open(actor, replace(order, task=name, signatures=task.signatures), at=at)
                for name in names
            ]
            joint = _Joint(row=self._write(actor, opened), parts=[each.batch for each in opened])
        items = self._pending(actor, joint, after=0, limit=channels.PAGE, at=at)
        return ports.Opened(batch=joint.as_batch(), items=items, count=sum(each.count for each in opened))

    def open_batches(self, actor: Actor, *, at: datetime) -> list[ports.Batch]:
        """See the port; the batches of a joint list are not shown one by one."""
        batches = self.side.open_batches(actor, at=at)
        if not batches:
            return []
        rows = self._rows(actor).filter(opened_at__in={each.opened_at for each in batches})
        return self._joined(actor, batches, rows, at=at)

    def ended_batches(self, actor: Actor, *, limit: int, at: datetime) -> list[ports.Batch]:
        """See the port."""
        rows = self._rows(actor)[:limit]
        inside = sum(len(row.batches) for row in rows)
        ended = self.side.ended_batches(actor, limit=limit + inside, at=at)
        found = [each for each in self._joined(actor, ended, rows, at=at) if each.state is not State.OPEN]
        return sorted(found, key=lambda each: each.opened_at, reverse=True)[:limit]

    def batch(self, actor: Actor, batch_id: UUID, *, at: datetime) -> ports.Batch:
        """See the port."""
        try:
            return self.side.batch(actor, batch_id, at=at)
        except NotYoursError:
            return self._find(actor, batch_id, at=at).as_batch()

    def pending(
        self, actor: Actor, batch_id: UUID, *, after: int, limit: int, at: datetime
    ) -> list[ports.Item]:
        """See the port."""
        try:
            return self.side.pending(actor, batch_id, after=after, limit=limit, at=at)
        except NotYoursError:
            return self._pending(actor, self._find(actor, batch_id, at=at), after=after, limit=limit, at=at)

    def complete(
        self, actor: Actor, batch_id: UUID, signatures: Mapping[str, bytes], *, at: datetime
    ) -> ports.Outcome:
        """See the port; values of a batch that is over are refused, those of the others stand."""
        try:
            return self.side.complete(actor, batch_id, signatures, at=at)
        except NotYoursError:
            joint = self._find(actor, batch_id, at=at)
        shares = self._shares(actor, joint, signatures)
        self.side.hold_batches([part for part, _ in shares])
        signed, refused = 0, [(name, _UNKNOWN) for name in signatures.keys() - _names(shares)]
        over: list[DeskError] = []
        for part, share in shares:
            try:
                outcome = self.side.complete(actor, part.id, share, at=at)
            except (BatchOverError, CertificateRefusedError) as error:
                over.append(error)
                refused += [(name, str(error)) for name in share]
                continue
            signed += outcome.signed
            refused += outcome.refused
        if over and len(over) == len(shares):
            raise over[0]
        return ports.Outcome(signed=signed, refused=tuple(refused))

    def stop(self, actor: Actor, batch_id: UUID, *, at: datetime) -> None:
        """See the port."""
        try:
            self.side.stop(actor, batch_id, at=at)
        except NotYoursError:
            parts = self._find(actor, batch_id, at=at).as_batch().open_parts
            self.side.hold_batches(parts)
            for part in parts:
                self.side.stop(actor, part.id, at=at)

    def results(self, actor: Actor, batch_id: UUID) -> Mapping[str, ports.Result]:
        """See the port."""
        try:
            return self.side.results(actor, batch_id)
        except NotYoursError:
            joint = self._find(actor, batch_id, at=None)
        found: dict[str, ports.Result] = {}
        for part in joint.parts:
            ended = part.state if part.state in _ENDS else None
            for name, result in self.side.results(actor, part.id).items():
                found[name] = replace(result, ended=ended)
        return found

    def read(self, actor: Actor, batch_id: UUID, item_id: str, *, at: datetime) -> ports.Reading:
        """See the port."""
        try:
            return self.side.read(actor, batch_id, item_id, at=at)
        except NotYoursError:
            joint = self._find(actor, batch_id, at=at)
        for part, _ in self._shares(actor, joint, {item_id: b""}):
            return self.side.read(actor, part.id, item_id, at=at)
        raise NotYoursError

    def _write(self, actor: Actor, opened: Sequence[ports.Opened]) -> JointBatch:
        """Keep the joint list and put it into the trail."""
        parts = [each.batch for each in opened]
        first, listing = parts[0], frozen.Listing()
        for part in parts:
            lines, skipped = frozen.read(part.listing)
            listing.lines += [replace(line, group=part.title) for line in lines]
            listing.skipped += [replace(line, group=part.title) for line in skipped]
        head = frozen.Head(
            batch=uuid4(),
            task=joint_tasks.name_of(part.task for part in parts),
            title=joint_tasks.title_of([part.title for part in parts]),
            slot=joint_tasks.name_of(dict.fromkeys(part.slot for part in parts)),
            school=first.school_code,
            holder=first.holder,
            by=first.by,
            certificate=certificates.fingerprint(certificates.load(first.certificate)),
            channel=first.channel,
            opened_at=first.opened_at,
            expires_at=first.expires_at,
        )
        row: JointBatch = JointBatch.objects.create(
            id=head.batch,
            school_code=first.school_code,
            desk=self.name,
            by=actor.name,
            batches=[str(part.id) for part in parts],
            digest=listing.digest,
            listing=frozen.keep(head, listing),
            opened_at=first.opened_at,
        )
        audit.record(
            tag=TAG_OPENED,
            target=f"batch:{row.pk}",
            by=actor.name,
            at=first.opened_at,
            school_code=first.school_code,
            details={
                "batches": row.batches,
                "items": len(listing.lines),
                "digest": row.digest,
                "list": f"sha256:{row.listing}",
                "channel": first.channel,
            },
        )
        return row

    def _rows(self, actor: Actor) -> QuerySet[JointBatch]:
        rows: QuerySet[JointBatch] = JointBatch.objects.filter(desk=self.name, by=actor.name)
        return rows.order_by("-opened_at")

    def _find(self, actor: Actor, batch_id: UUID, *, at: datetime | None) -> _Joint:
        """A joint batch of the actor. Raises NotYoursError, also when none of its parts is the actor's any more.

        Without `at` a part whose time is over counts as open.
        """
        row = self._rows(actor).filter(pk=batch_id).first()
        if row is None:
            raise NotYoursError
        parts = self.side.batches(actor, _ids(row), at=at or row.opened_at)
        if not parts:
            raise NotYoursError
        return _with_parts(row, {part.id: part for part in parts})

    def _joined(
        self, actor: Actor, batches: Sequence[ports.Batch], rows: Iterable[JointBatch], *, at: datetime
    ) -> list[ports.Batch]:
        """The batches with the joint one in the place of the first of its parts."""
        known = {batch.id: batch for batch in batches}
        joints = {name: row for row in rows if known.keys() & _ids(row) for name in _ids(row)}
        missing = joints.keys() - known.keys()
        if missing:
            known |= {batch.id: batch for batch in self.side.batches(actor, missing, at=at)}
        found: dict[UUID, ports.Batch] = {}
        for batch in batches:
            row = joints.get(batch.id)
            if row is None:
                found[batch.id] = batch
            elif row.pk not in found:
                found[row.pk] = _with_parts(row, known).as_batch()
        return list(found.values())

    def _pending(
        self, actor: Actor, joint: _Joint, *, after: int, limit: int, at: datetime
    ) -> list[ports.Item]:
        """Places grow along the joint list too: its batches were written down one after the other."""
        items: list[ports.Item] = []
        for part in joint.parts:
            if part.state is State.OPEN and len(items) < limit:
                items += self.side.pending(actor, part.id, after=after, limit=limit - len(items), at=at)
        if joint.state is not State.OPEN:
            raise BatchOverError("Lượt ký này đã kết thúc, hãy mở lượt ký mới cho phần còn lại.")
        return items

    def _shares(
        self, actor: Actor, joint: _Joint, values: Mapping[str, bytes]
    ) -> list[tuple[ports.Batch, dict[str, bytes]]]:
        """Which values belong to which part; parts without any are left out.

        Parts that are over come last: they are asked only for a value that was given before.
        """
        shares, left = [], dict(values)
        for part in sorted(joint.parts, key=lambda each: each.state is not State.OPEN):
            if not left:
                break
            share = {name: left.pop(name) for name in self.side.results(actor, part.id) if name in left}
            if share:
                shares.append((part, share))
        return shares


_UNKNOWN = "Lượt ký không có văn bản này."


def _names(shares: Sequence[tuple[ports.Batch, dict[str, bytes]]]) -> set[str]:
    return {name for _, share in shares for name in share}


def _ids(row: JointBatch) -> list[UUID]:
    """The batches of a joint one, in the order of its list."""
    return [UUID(name) for name in row.batches]


def _with_parts(row: JointBatch, known: Mapping[UUID, ports.Batch]) -> _Joint:
    """Of a task that somebody else signs by now nothing is known."""
    return _Joint(row=row, parts=[known[name] for name in _ids(row) if name in known])
