"""Reading documents of class records: states for pages, trees for who passes them on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.tracking.sealing import workflow
from hocba.tracking.sealing.models import Document, DocumentSignature
from hocba.tracking.sealing.workflow import Kind, Slot, State

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

__all__ = ["DocumentState", "Kind", "State", "get_document", "list_states", "tree_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentState:
    """How far a document is, without any value of a pupil."""

    uuid: UUID
    class_name: str
    kind: Kind
    subject_code: str
    term: int
    state: State
    problem_count: int
    waits_for: Slot | None
    missing_signers: tuple[str, ...]
    has_file: bool
    completed_at: datetime | None

    @property
    def state_name(self) -> str:
        """The state in words."""
        return workflow.STATE_NAMES[self.state]

    @property
    def waits_for_name(self) -> str:
        """Who must act, in words; empty when nobody must sign now."""
        return workflow.SLOT_NAMES[self.waits_for] if self.waits_for else ""

    @property
    def is_done(self) -> bool:
        """Whether every signature of it stands."""
        return self.state == workflow.DONE[self.kind]

    @property
    def badge(self) -> str:
        """ok, wait or stop: the colour of the badge."""
        if self.is_done:
            return "ok"
        return "stop" if self.state == State.BLOCKED else "wait"


def list_states(school_code: str, school_year: str, class_name: str | None = None) -> list[DocumentState]:
    """States of the documents of a year, or of one class, by class, term and subject."""
    rows = Document.objects.filter(school_code=school_code, school_year=school_year)
    if class_name is not None:
        rows = rows.filter(class_name=class_name)
    signed: dict[int, set[tuple[str, str]]] = {}
    for document_id, slot, holder in DocumentSignature.objects.filter(document__in=rows).values_list(
        "document_id", "slot", "holder"
    ):
        signed.setdefault(document_id, set()).add((slot, holder))
    ordered = rows.order_by("class_name", "term", "kind", "subject_code")
    return [_state(row, signed.get(row.pk, set())) for row in ordered]


def get_document(school_code: str, document_id: UUID) -> Document | None:
    """One document, or None."""
    found: Document | None = Document.objects.filter(school_code=school_code, uuid=document_id).first()
    return found


def list_documents(school_code: str, school_year: str, class_name: str) -> QuerySet[Document]:
    """The documents of a class."""
    rows: QuerySet[Document] = Document.objects.filter(
        school_code=school_code, school_year=school_year, class_name=class_name
    )
    return rows


def tree_of(year: Document) -> list[Document]:
    """All signed documents below a year, sheets first, then terms, in the order of term and subject."""
    rows: QuerySet[Document] = Document.objects.filter(
        school_code=year.school_code,
        school_year=year.school_year,
        class_name=year.class_name,
        state=State.SIGNED,
    )
    sheets = rows.filter(kind=Kind.SUBJECT).order_by("term", "subject_code")
    return [*sheets, *rows.filter(kind=Kind.TERM).order_by("term")]


def _state(row: Document, signed: set[tuple[str, str]]) -> DocumentState:
    kind, state = Kind(row.kind), State(row.state)
    turn = workflow.WAITS_FOR.get((kind, state))
    missing = [code for code in row.signers.get(turn, ()) if (turn, code) not in signed] if turn else []
    return DocumentState(
        uuid=row.uuid,
        class_name=row.class_name,
        kind=kind,
        subject_code=row.subject_code,
        term=row.term,
        state=state,
        problem_count=len(row.problems),
        waits_for=turn,
        missing_signers=tuple(missing),
        has_file=bool(row.file_digest),
        completed_at=row.completed_at,
    )
