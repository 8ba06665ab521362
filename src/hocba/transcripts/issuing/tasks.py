"""What an actor has to sign, now or later: read off the compilations, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from hocba.transcripts.issuing.models import RenderingProblem, SigningItem
from hocba.transcripts.issuing.workflow import ORDER, SLOTS, ItemStatus, Slot, SlotName
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.workflow import TITLES, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocba.platform.accounts.actor import Actor
    from hocba.transcripts.records.models import Compilation


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One authorisation somebody will give: `holder` is whose certificate signs."""

    compilation: Compilation
    slot: Slot
    holder: str
    documents: int
    ready: bool
    waiting_for: str

    @property
    def id(self) -> str:
        """Stable name of the task."""
        return f"{self.slot.name}:{self.compilation.pk}"

    @property
    def title(self) -> str:
        """What a person reads."""
        return f"{self.slot.title}: lớp {self.compilation.class_name}, năm học {self.compilation.school_year}"


def list_tasks(actor: Actor) -> list[Task]:
    """Open tasks of the actor, by class and in the order of signing; needs the scope of the actor's school."""
    compilations = list(records.list_compilations())
    counts = {found.compilation.pk: found.counts for found in records.list_class_counts()}
    found: list[Task] = []
    for compilation in compilations:
        for slot in SLOTS.values():
            found += _tasks(compilation, slot, actor, counts[compilation.pk])
    return found


def find_task(actor: Actor, task_id: str) -> Task | None:
    """The open task of that name, if it is the actor's."""
    name, _, number = task_id.partition(":")
    if name not in SLOTS or not number.isdecimal():
        return None
    compilation = records.get_compilation(int(number))
    if compilation is None:
        return None
    slot = SLOTS[SlotName(name)]
    return next(_tasks(compilation, slot, actor, records.counts_of(compilation.pk)), None)


def holder_for(compilation: Compilation, slot: Slot, actor: Actor) -> str | None:
    """The code whose certificate signs when the actor does; None when the slot is not the actor's."""
    if not actor.may(slot.permission):
        return None
    if slot.name is SlotName.SEAL:
        return str(compilation.school_code)
    entitled = {
        SlotName.SUBJECT: set(compilation.subject_teachers),
        SlotName.HOMEROOM: {compilation.homeroom_code},
        SlotName.PRINCIPAL: {compilation.principal_code},
    }[slot.name]
    return actor.holder_code if actor.holder_code and actor.holder_code in entitled else None


def _tasks(compilation: Compilation, slot: Slot, actor: Actor, counts: dict[Status, int]) -> Iterator[Task]:
    holder = holder_for(compilation, slot, actor)
    if holder is None:
        return
    if slot.name is SlotName.SUBJECT:
        left = compilation.subject_teachers[holder] - _signed_by(compilation, holder)
        ready, waiting_for = left > 0, ""
    else:
        left = sum(counts.get(status, 0) for status in ORDER[: ORDER.index(slot.before) + 1])
        ready, waiting_for = _readiness(compilation, slot, counts)
        left = counts.get(slot.before, 0) if ready else left
    if left:
        yield Task(
            compilation=compilation,
            slot=slot,
            holder=holder,
            documents=left,
            ready=ready,
            waiting_for=waiting_for,
        )


def _readiness(compilation: Compilation, slot: Slot, counts: dict[Status, int]) -> tuple[bool, str]:
    """A slot is open once nothing is on its way to it any more; what cannot be rendered holds nobody up."""
    for status in ORDER[: ORDER.index(slot.before)]:
        on_its_way = counts.get(status, 0)
        if on_its_way and status is Status.SUBJECTS_SIGNED:
            on_its_way -= RenderingProblem.objects.filter(
                version__compilation_id=compilation.pk, version__status=status
            ).count()
        if on_its_way > 0:
            return False, f"{TITLES[status]} ({on_its_way} học bạ)"
    return counts.get(slot.before, 0) > 0, ""


def _signed_by(compilation: Compilation, holder: str) -> int:
    found = SigningItem.objects.filter(
        batch__compilation_id=compilation.pk,
        slot=SlotName.SUBJECT,
        holder=holder,
        status=ItemStatus.SIGNED,
    ).aggregate(count=Count("id"))
    return int(found["count"])
