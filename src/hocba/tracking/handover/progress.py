"""Progress of classes for the pages: states and numbers, no value of a pupil."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents import labels
from hocba.tracking.gradebook import queries as gradebook
from hocba.tracking.handover import queries, workflow
from hocba.tracking.roster import queries as roster
from hocba.tracking.sealing import queries as sealing
from hocba.tracking.sealing.queries import DocumentState, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from hocba.tracking.gradebook.queries import SheetState
    from hocba.tracking.handover.models import Handover


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A term or the year of a class: how many subject sheets are signed, and the state of the document above."""

    name: str
    signed: int
    total: int
    document: DocumentState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A hand-over in words; `may_be_sent` when it was refused and can be sent again."""

    document: UUID
    code: str
    recipient: str
    may_be_sent: bool
    state: str
    badge: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassProgress:
    """One class on the list."""

    group: roster.Class
    pupils: int
    homeroom: str
    terms: tuple[Part, ...]
    year: DocumentState | None
    sent: tuple[Sent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetProgress:
    """One subject and term on the page of a class."""

    subject_code: str
    subject: str
    term: int
    teachers: str
    filled: int
    pupils: int
    reported: bool
    report_problem: str
    document: DocumentState | None
    must_act: str


def list_progress(school_code: str, school_year: str, class_name: str | None = None) -> list[ClassProgress]:
    """Progress of every class of a year, or of one."""
    states: dict[str, list[DocumentState]] = {}
    for state in sealing.list_states(school_code, school_year, class_name):
        states.setdefault(state.class_name, []).append(state)
    sent: dict[str, list[Handover]] = {}
    for row in queries.list_handovers(school_code, school_year):
        sent.setdefault(row.class_name, []).append(row)
    groups = [
        group for group in roster.list_classes(school_code, school_year) if class_name in {None, group.name}
    ]
    pupils = roster.pupils_by_class(school_code, school_year, [group.name for group in groups])
    staff = roster.staff_by_code(school_code)
    return [
        ClassProgress(
            group=group,
            pupils=len(pupils.get(group.name, ())),
            homeroom=staff[group.homeroom_code].name if group.homeroom_code in staff else "",
            terms=tuple(_part(term, states.get(group.name, []), len(group.subjects)) for term in (1, 2)),
            year=_year(states.get(group.name, [])),
            sent=tuple(_sent(row) for row in sent.get(group.name, ())),
        )
        for group in groups
    ]


def list_sheets(group: roster.Class) -> list[SheetProgress]:
    """Progress of every subject and term of a class, in the order of the forms."""
    school, year = group.school_code, group.school_year
    sheets = gradebook.states_of(school, year, [group.name])
    documents = {
        (state.subject_code, state.term): state
        for state in sealing.list_states(school, year, group.name)
        if state.kind == Kind.SUBJECT
    }
    teachers = roster.teachers_by_cell(school, year)
    names = {code: member.name for code, member in roster.staff_by_code(school).items()}
    pupils = roster.pupils_of(school, year, group.name)
    rows = []
    for code in group.subjects:
        size = sum(code in roster.subjects_of(pupil, group) for pupil in pupils)
        for term in (1, 2):
            members = teachers.get(roster.Cell(group.name, code, term), ())
            state, document = sheets.get((group.name, code, term)), documents.get((code, term))
            rows.append(
                SheetProgress(
                    subject_code=code,
                    subject=roster.subject_name(code, group.level, year),
                    term=term,
                    teachers=", ".join(member.name for member in members),
                    filled=state.filled if state else 0,
                    pupils=size,
                    reported=bool(state and state.is_reported),
                    report_problem=state.report_problem if state else "",
                    document=document,
                    must_act=_must_act(state, document, size, names),
                )
            )
    return rows


def _must_act(
    state: SheetState | None, document: DocumentState | None, size: int, names: dict[str, str]
) -> str:
    if state is None or state.filled < size:
        return "Giáo viên bộ môn nhập điểm"
    if not state.is_reported:
        return "Chờ cơ sở dữ liệu ngành nhận"
    if document is None or document.state == sealing.State.OPEN:
        return "Chờ đối chiếu"
    if document.problem_count:
        return "Giáo viên bộ môn xem sai lệch"
    if document.waits_for:
        return "Chờ ký: " + ", ".join(names.get(code, code) for code in document.missing_signers)
    return ""


def _part(term: int, states: Sequence[DocumentState], subjects: int) -> Part:
    sheets = [state for state in states if state.kind == Kind.SUBJECT and state.term == term]
    return Part(
        name=labels.TERMS[term],
        signed=sum(state.is_done for state in sheets),
        total=len(sheets) or subjects,
        document=next((state for state in states if state.kind == Kind.TERM and state.term == term), None),
    )


def _year(states: Sequence[DocumentState]) -> DocumentState | None:
    return next((state for state in states if state.kind == Kind.YEAR), None)


def _sent(row: Handover) -> Sent:
    badges = {workflow.State.ACCEPTED: "ok", workflow.State.REFUSED: "stop"}
    return Sent(
        document=row.document,
        code=row.recipient,
        may_be_sent=workflow.State.SENDING in workflow.TRANSITIONS[workflow.State(row.state)],
        recipient=workflow.RECIPIENT_NAMES[row.recipient],
        state=queries.state_name(row),
        badge=badges.get(workflow.State(row.state), "wait"),
        problems=tuple(row.problems),
    )
