"""What stands in the way of every document of a class, as gradebook and roster are now; nothing is written."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.tracking.gradebook import queries as gradebook
from hocba.tracking.roster import queries as roster
from hocba.tracking.sealing import compile as compiling
from hocba.tracking.sealing import freezing
from hocba.tracking.sealing.models import Document
from hocba.tracking.sealing.workflow import Kind, Slot, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocba.documents.any_level import AnyClassRecord

_BEFORE_SIGNING = frozenset({State.OPEN, State.BLOCKED, State.READY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One document: `missing` is what would block it now, `differences` what the last comparison found.

    Both hold names and values of pupils. `signers` are the codes that must sign, by slot. Of a document that
    somebody has signed nothing is missing any more.
    """

    kind: Kind
    subject_code: str
    term: int
    state: State
    missing: tuple[str, ...]
    differences: tuple[str, ...]
    signers: Mapping[Slot, tuple[str, ...]]


def outlook_of(group: roster.Class) -> list[Outlook]:
    """Every document of the class: sheets in the order of the forms, terms, the year."""
    sources = freezing.sources_of(group)
    states = gradebook.states_of(group.school_code, group.school_year, [group.name])
    return [_outlook(document, sources, states) for document in _documents(group)]


def drafts_of(group: roster.Class) -> list[AnyClassRecord]:
    """The values of the documents as they would be frozen now, complete or not, in the same order.

    Digests of children are left out: these values are for reading and printing, nothing signs them.
    """
    sources = freezing.sources_of(group)
    drafts = [_draft(document, sources) for document in _documents(group)]
    return [draft.value for draft in drafts if draft.value is not None]


def _documents(group: roster.Class) -> list[Document]:
    known = {
        (row.kind, row.subject_code, row.term): row
        for row in Document.objects.filter(
            school_code=group.school_code, school_year=group.school_year, class_name=group.name
        )
    }
    return [known.get(place) or _new(group, place) for place in freezing.places_of(group)]


def _new(group: roster.Class, place: tuple[Kind, str, int]) -> Document:
    kind, code, term = place
    return Document(
        uuid=uuid.uuid4(),
        school_code=group.school_code,
        school_year=group.school_year,
        class_name=group.name,
        kind=kind,
        subject_code=code,
        term=term,
    )


def _outlook(
    document: Document,
    sources: compiling.Sources,
    states: Mapping[gradebook.Key, gradebook.SheetState],
) -> Outlook:
    draft = _draft(document, sources)
    open_still = document.state in _BEFORE_SIGNING
    return Outlook(
        kind=Kind(document.kind),
        subject_code=document.subject_code,
        term=document.term,
        state=State(document.state),
        missing=draft.problems if open_still else (),
        differences=_differences(document, draft, states) if open_still else (),
        signers={Slot(slot): tuple(codes) for slot, codes in draft.signers.items()},
    )


def _draft(document: Document, sources: compiling.Sources) -> compiling.Draft:
    if document.kind == Kind.SUBJECT:
        return compiling.subject_sheet(document, sources)
    if document.kind == Kind.TERM:
        return compiling.term_record(document, sources, [])
    return compiling.year_record(document, sources, [])


def _differences(
    document: Document,
    draft: compiling.Draft,
    states: Mapping[gradebook.Key, gradebook.SheetState],
) -> tuple[str, ...]:
    """What the last comparison found, as long as nothing was entered since."""
    if document.state != State.BLOCKED:
        return ()
    for name, code, term, version in document.sheet_versions:
        if (name, code, term) in states and states[name, code, term].version != version:
            return ()
    return tuple(problem for problem in document.problems if problem not in draft.problems)
