"""What an actor has to sign, now or later: read off the compilations, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from hocba.platform.json_requests import row_id
from hocba.transcripts.issuing.models import RenderingProblem, SigningItem
from hocba.transcripts.issuing.workflow import ORDER, SLOTS, ItemStatus, Slot, SlotName
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.workflow import TITLES, Status

if TYPE_CHECKING:
    from collections.abc import Collection

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


def list_tasks(actor: Actor) -> list[Task]:
    """Open tasks of the actor, by class and in the order of signing; needs the scope of the actor's school."""
    classes = records.list_class_counts()
    holders = {
        (row.compilation.pk, slot.name): holder
        for row in classes
        for slot in SLOTS.values()
        if (holder := holder_for(row.compilation, slot, actor)) is not None
    }
    mine = [row.compilation.pk for row in classes if (row.compilation.pk, SlotName.SUBJECT) in holders]
    facts = _facts_of({pk for pk, _ in holders}, mine, actor.holder_code)
    return [
        task
        for row in classes
        for slot in SLOTS.values()
        if (holder := holders.get((row.compilation.pk, slot.name))) is not None
        and (task := _task(row.compilation, slot, holder, row.counts, facts)) is not None
    ]


def find_task(actor: Actor, task_id: str) -> Task | None:
    """The open task of that name, if it is the actor's."""
    name = task_id.partition(":")[0]
    compilation = records.get_compilation(compilation_of(task_id)) if name in SLOTS else None
    if compilation is None:
        return None
    slot = SLOTS[SlotName(name)]
    holder = holder_for(compilation, slot, actor)
    if holder is None:
        return None
    mine = [compilation.pk] if slot.name is SlotName.SUBJECT else []
    facts = _facts_of({compilation.pk}, mine, actor.holder_code)
    return _task(compilation, slot, holder, records.counts_of(compilation.pk), facts)


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


@dataclass(frozen=True, slots=True)
class _Facts:
    """By compilation: how many rows a teacher has signed already, and what could not be rendered."""

    signed: dict[int, int]
    problems: dict[int, int]


def _facts_of(compilations: Collection[int], mine: Collection[int], teacher: str | None) -> _Facts:
    """Two statements at most, however many classes; `mine` are those in which the teacher signs rows."""
    signed, problems = {}, {}
    if mine:
        rows = SigningItem.objects.filter(
            batch__compilation_id__in=mine, slot=SlotName.SUBJECT, holder=teacher, status=ItemStatus.SIGNED
        )
        signed = dict(rows.values_list("batch__compilation_id").annotate(count=Count("id")))
    if compilations:
        marked = RenderingProblem.objects.filter(
            version__compilation_id__in=compilations, version__status=Status.SUBJECTS_SIGNED
        )
        problems = dict(marked.values_list("version__compilation_id").annotate(count=Count("pk")))
    return _Facts(signed, problems)


def _task(
    compilation: Compilation, slot: Slot, holder: str, counts: dict[Status, int], facts: _Facts
) -> Task | None:
    unrendered = 0 if slot.name is SlotName.SUBJECT else facts.problems.get(compilation.pk, 0)
    if slot.name is SlotName.SUBJECT:
        left = compilation.subject_teachers[holder] - facts.signed.get(compilation.pk, 0)
        ready, waiting_for = left > 0, ""
    else:
        left = sum(counts.get(status, 0) for status in ORDER[: ORDER.index(slot.before) + 1])
        ready, waiting_for = _readiness(slot, counts, unrendered)
        left = counts.get(slot.before, 0) if ready else left
    if not left:
        return None
    return Task(
        compilation=compilation,
        slot=slot,
        holder=holder,
        documents=left,
        ready=ready,
        waiting_for=waiting_for,
        unrendered=unrendered,
    )


def _readiness(slot: Slot, counts: dict[Status, int], problems: int) -> tuple[bool, str]:
    """A slot is open once nothing is on its way to it any more; what cannot be rendered holds nobody up."""
    for status in ORDER[: ORDER.index(slot.before)]:
        on_its_way = counts.get(status, 0)
        if status is Status.SUBJECTS_SIGNED:
            on_its_way -= problems
        if on_its_way > 0:
            return False, f"{TITLES[status]} ({on_its_way} học bạ)"
    return counts.get(slot.before, 0) > 0, ""
