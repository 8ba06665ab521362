"""What a person has to sign: documents of one school year, slot and term, over all classes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hocba.platform.tenancy import statements
from hocba.regulations import curriculum
from hocba.tracking.roster.queries import term_name
from hocba.tracking.sealing import workflow
from hocba.tracking.sealing.errors import NotYoursError
from hocba.tracking.sealing.models import Document
from hocba.tracking.sealing.workflow import Kind, Slot, State

if TYPE_CHECKING:
    from collections.abc import Collection

    from hocba.platform.accounts.actor import Actor

YEAR = 0

_TO_SIGN = """
tracking_sealing_document.school_code = %t and kind = any(%t::text[]) and signers @> %t::jsonb and not exists (
    select from tracking_sealing_documentsignature signature
    where signature.document_id = tracking_sealing_document.id and signature.slot = %t and signature.holder = %t
)
"""
"""Documents that need a signer's signature in a slot and do not have it; also those not frozen yet."""
_ORDER = "class_name, subject_code, term, id"
_LINES = f"""
select school_year, class_name, kind, subject_code, term, state from tracking_sealing_document
where {_TO_SIGN} order by {_ORDER}
"""  # noqa: S608 (all of it is written above)
_OF_TASK = f"{_TO_SIGN} and school_year = %t and term = %t and class_name = any(%t::text[])"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskKey:
    """Identifies a task: "2024-2025.homeroom_teacher.1" (term 0 is the year)."""

    school_year: str
    slot: Slot
    term: int

    def __str__(self) -> str:
        return f"{self.school_year}.{self.slot}.{self.term}"

    @classmethod
    def parse(cls, text: str) -> TaskKey:
        """Read it back; raises NotYoursError on anything else: nobody has such a task."""
        parts = text.split(".")
        if len(parts) != 3 or parts[1] not in set(Slot) or parts[2] not in {"0", "1", "2"}:
            raise NotYoursError("Không có việc ký số nào mang mã này.")
        return cls(school_year=parts[0], slot=Slot(parts[1]), term=int(parts[2]))

    @property
    def title(self) -> str:
        """What it is about, for the screen."""
        part = "cả năm" if self.term == YEAR else term_name(self.term)
        what = "sổ môn học" if self.slot is Slot.SUBJECT_TEACHER else "sổ của lớp"
        return f"Ký {what} {part}, năm học {self.school_year} ({workflow.SLOT_NAMES[self.slot]})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task with how many documents can be signed now, and what the others wait for."""

    key: TaskKey
    ready: int
    waiting: int
    waiting_for: str


class Listed(NamedTuple):
    """What a list says of a document: columns of it."""

    school_year: str
    class_name: str
    kind: str
    subject_code: str
    term: int
    state: str


def tasks_of(actor: Actor) -> list[Task]:
    """Tasks with anything left to sign, newest year first."""
    found: dict[TaskKey, list[Listed]] = {}
    for slot in Slot:
        if actor.may(workflow.PERMISSIONS[slot]):
            for line in _lines(actor, slot):
                key = TaskKey(school_year=line.school_year, slot=slot, term=line.term)
                found.setdefault(key, []).append(line)
    order = list(Slot)
    keys = sorted(found, key=lambda key: (key.school_year, -order.index(key.slot), -key.term), reverse=True)
    return [_task(key, found[key]) for key in keys]


def lines_of(actor: Actor, key: TaskKey) -> list[Listed]:
    """Documents of a task that the actor has not signed yet, whether it is their turn or not, in a fixed order."""
    lines = _lines(actor, key.slot)
    return [line for line in lines if (line.school_year, line.term) == (key.school_year, key.term)]


def lock_documents(actor: Actor, key: TaskKey, names: Collection[str]) -> list[Document]:
    """Those of some classes, locked; who calls holds the locks of these."""
    values = [*_signer(actor, key.slot), key.school_year, key.term, list(names)]
    return statements.rows(Document, _OF_TASK, values, order=_ORDER, lock=True)


def check_role(actor: Actor, key: TaskKey) -> None:
    """Raise NotYoursError unless the slot is one that the actor's roles sign."""
    if not actor.may(workflow.PERMISSIONS[key.slot]):
        raise NotYoursError("Việc ký số này không thuộc vai trò của bạn.")


def find_task(actor: Actor, key: TaskKey) -> Task | None:
    """The task with anything left to sign."""
    lines = lines_of(actor, key)
    return _task(key, lines) if lines else None


def why_not_yet(school_code: str, key: TaskKey) -> str:
    """Whose turn it is while documents of the task still wait for those below them; "" where none does."""
    rows = Document.objects.filter(school_code=school_code, school_year=key.school_year)
    kinds = [kind for kind, slots in workflow.SLOTS.items() if key.slot in slots]
    early = rows.filter(kind__in=kinds, term=key.term, state__in=(State.OPEN, State.BLOCKED))
    if not early.exists():
        return ""
    terms = (1, 2) if key.term == YEAR else (key.term,)
    below = rows.filter(class_name__in=early.values("class_name"), term__in=terms)
    states = {(Kind(kind), State(state)) for kind, state in below.values_list("kind", "state").distinct()}
    turns = {workflow.WAITS_FOR[each] for each in states if each in workflow.WAITS_FOR}
    first = next((slot for slot in Slot if slot in turns and slot is not key.slot), None)
    why = f"đang chờ {workflow.SLOT_NAMES[first]} ký trước" if first else "sổ chưa đối chiếu xong"
    return f"Chưa đến lượt {workflow.SLOT_NAMES[key.slot]} ký: {why}."


def signer_code(actor: Actor, slot: Slot) -> str:
    """Who signs in a slot: the person's staff code, or the school's for its seal."""
    return actor.school_code if slot is Slot.SEAL else actor.holder_code


def _signer(actor: Actor, slot: Slot) -> list[object]:
    """What `_TO_SIGN` asks for."""
    code = signer_code(actor, slot)
    kinds = [kind.value for kind, slots in workflow.SLOTS.items() if slot in slots]
    return [actor.school_code, kinds, json.dumps({slot.value: [code]}), slot.value, code]


def _lines(actor: Actor, slot: Slot) -> list[Listed]:
    return [Listed(*row) for row in statements.fetch(_LINES, _signer(actor, slot))]


def _task(key: TaskKey, lines: list[Listed]) -> Task:
    waiting = [line for line in lines if not is_turn(line, key.slot)]
    ready = len(lines) - len(waiting)
    return Task(key=key, ready=ready, waiting=len(waiting), waiting_for=_reason(waiting))


def is_turn(document: Document | Listed, slot: Slot) -> bool:
    """Whether a document waits for a signature in the slot."""
    return workflow.WAITS_FOR.get((Kind(document.kind), State(document.state))) is slot


def _reason(waiting: list[Listed]) -> str:
    reasons = [f"{title_of(line)}: {why_waiting(line)}" for line in waiting]
    return "; ".join(reasons[:5]) + (f"; và {len(reasons) - 5} sổ khác" if len(reasons) > 5 else "")


def why_waiting(document: Document | Listed) -> str:
    """What a document whose turn it is not waits for, in words."""
    turn = workflow.WAITS_FOR.get((Kind(document.kind), State(document.state)))
    return f"chờ {workflow.SLOT_NAMES[turn]}" if turn else workflow.STATE_NAMES[State(document.state)].lower()


def title_of(document: Document | Listed) -> str:
    """A document in words: "Lớp 6A1, môn Toán, học kì I"."""
    part = "cả năm" if document.term == YEAR else term_name(document.term)
    code = document.subject_code
    subject = f"môn {curriculum.name_of(code, school_year=document.school_year)}" if code else ""
    return ", ".join(filter(None, [f"Lớp {document.class_name}", subject, part]))
