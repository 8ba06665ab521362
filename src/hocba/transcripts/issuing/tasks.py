"""What an actor has to sign, now or later: read off the compilations, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.platform.json_requests import row_id
from hocba.transcripts.issuing import counting
from hocba.transcripts.issuing.workflow import ORDER, SLOTS, Slot, SlotName
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.workflow import TITLES, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hocba.platform.accounts.actor import Actor
    from hocba.transcripts.records.models import Compilation


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One authorisation somebody will give: `holder` is whose certificate signs.

    `unrendered` are transcripts of the class that stay behind because no PDF could be made of them.
    """

    compilation: Compilation
    slot: Slot
    holder: str
    documents: int
    ready: bool
    waiting_for: str
    unrendered: int = 0

    @property
    def id(self) -> str:
        """Stable name of the task."""
        return f"{self.slot.name}:{self.compilation.pk}"

    @property
    def title(self) -> str:
        """What a person reads."""
        return title_of(self.slot, self.compilation)


def title_of(slot: Slot, compilation: Compilation) -> str:
    """What a task is called, also after it is done."""
    return f"{slot.title}: lớp {compilation.class_name}, năm học {compilation.school_year}"


@dataclass(frozen=True, slots=True)
class Place:
    """A slot of a class that is the actor's to sign, whatever is left of it; `holder` is whose certificate signs."""

    compilation: Compilation
    slot: Slot
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a class's tasks follow from: transcripts by state, rows the teacher signed, what could not be rendered."""

    counts: Mapping[Status, int]
    signed: int = 0
    problems: int = 0


def list_tasks(actor: Actor) -> list[Task]:
    """Open tasks of the actor, by class and in the order of signing; needs the scope of the actor's school."""
    places = [
        Place(compilation, slot, holder)
        for compilation in records.list_compilations()
        for slot in SLOTS.values()
        if (holder := holder_for(compilation, slot, actor)) is not None
    ]
    facts = _facts_of(places)
    return [task for place in places if (task := task_at(place, facts[place.compilation.pk])) is not None]


def find_task(actor: Actor, task_id: str) -> Task | None:
    """The open task of that name, if it is the actor's."""
    place = place_of(actor, task_id)
    return None if place is None else task_at(place, _facts_of([place])[place.compilation.pk])


def place_of(actor: Actor, task_id: str, *, lock: bool = False) -> Place | None:
    """Where the task of that name stands, if it is the actor's; with `lock` behind the lock of the class."""
    name = task_id.partition(":")[0]
    if name not in SLOTS:
        return None
    look_up = records.lock_compilation if lock else records.get_compilation
    compilation = look_up(compilation_of(task_id))
    if compilation is None:
        return None
    slot = SLOTS[SlotName(name)]
    holder = holder_for(compilation, slot, actor)
    return None if holder is None else Place(compilation, slot, holder)


def compilation_of(task_id: str) -> int:
    """The row id in a task's name; 0, which no row has, where it is no name."""
    return row_id(task_id.partition(":")[2]) or 0


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


def facts_of(place: Place, counts: Mapping[Status, int], *, signed: int) -> Facts:
    """The facts of one class, from what its caller has read."""
    pk = place.compilation.pk
    problems = counting.problems([pk]) if counts.get(Status.SUBJECTS_SIGNED) else {}
    return Facts(counts=counts, signed=signed, problems=problems.get(pk, 0))


def _facts_of(places: Collection[Place]) -> dict[int, Facts]:
    """By compilation, with three statements at most however many classes. All places are of one actor."""
    counts = records.counts_by_class({place.compilation.pk for place in places})
    teaching = {place.compilation.pk: place.holder for place in places if place.slot.name is SlotName.SUBJECT}
    signed: dict[int, int] = {}
    # Once no transcript waits for its subject teachers any more, nobody has rows left, and their number is of no use.
    if waiting := [pk for pk in teaching if counts[pk].get(Status.COMPILED)]:
        signed = counting.rows_signed(waiting, teaching[waiting[0]])
    problems = counting.problems([pk for pk, found in counts.items() if found.get(Status.SUBJECTS_SIGNED)])
    return {
        pk: Facts(counts=found, signed=signed.get(pk, 0), problems=problems.get(pk, 0))
        for pk, found in counts.items()
    }


def task_at(place: Place, facts: Facts) -> Task | None:
    """What is to be signed at a place, now or later; None when nothing is left."""
    compilation, slot = place.compilation, place.slot
    if slot.name is SlotName.SUBJECT:
        unrendered, ready, waiting_for = 0, True, ""
        left = (
            compilation.subject_teachers[place.holder] - facts.signed
            if facts.counts.get(Status.COMPILED)
            else 0
        )
    else:
        unrendered = facts.problems
        ready, waiting_for = _readiness(slot, facts.counts, unrendered)
        states = (slot.before,) if ready else ORDER[: ORDER.index(slot.before) + 1]
        left = sum(facts.counts.get(status, 0) for status in states)
    if left <= 0:
        return None
    return Task(
        compilation=compilation,
        slot=slot,
        holder=place.holder,
        documents=left,
        ready=ready,
        waiting_for=waiting_for,
        unrendered=unrendered,
    )


def _readiness(slot: Slot, counts: Mapping[Status, int], problems: int) -> tuple[bool, str]:
    """A slot is open once nothing is on its way to it any more; what cannot be rendered holds nobody up."""
    for status in ORDER[: ORDER.index(slot.before)]:
        on_its_way = counts.get(status, 0)
        if status is Status.SUBJECTS_SIGNED:
            on_its_way -= problems
        if on_its_way > 0:
            return False, f"{TITLES[status]} ({on_its_way} học bạ)"
    return counts.get(slot.before, 0) > 0, ""
