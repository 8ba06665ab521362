"""Before the first signature: compare sheets with the sector database, freeze what is to be signed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import transaction

from hocba.documents import class_record_xml
from hocba.documents.any_level import AnySubjectSheet
from hocba.documents.comparison import differences
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.tracking.gradebook import queries as gradebook
from hocba.tracking.gradebook import sheets as gradebook_sheets
from hocba.tracking.roster import queries as roster
from hocba.tracking.sealing import compile as compiling
from hocba.tracking.sealing import workflow, writing
from hocba.tracking.sealing.drafts import Part
from hocba.tracking.sealing.locks import lock_classes
from hocba.tracking.sealing.models import Document
from hocba.tracking.sealing.workflow import Kind, State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from hocba.tracking.gradebook.sheets import Key

LARGEST_PROBLEMS = 500
TERMS = (1, 2)


def places_of(group: roster.Class) -> list[tuple[Kind, str, int]]:
    """Every document of a class by kind, subject and term: sheets in the order of the forms, terms, the year.

    A subject may be taught in one term only: a sheet is expected where somebody is assigned.
    """
    assigned = roster.cells_of_class(group)
    places = [
        (Kind.SUBJECT, code, term)
        for code in group.subjects
        for term in TERMS
        if roster.Cell(group.name, code, term) in assigned
    ]
    places += [(Kind.TERM, "", term) for term in TERMS]
    return [*places, (Kind.YEAR, "", 0)]


@transaction.atomic
def ensure_documents(group: roster.Class) -> None:
    """Make the rows of a class's documents that do not exist yet; nothing is frozen by that."""
    Document.objects.bulk_create(
        [
            Document(
                uuid=uuid.uuid4(),
                school_code=group.school_code,
                school_year=group.school_year,
                class_name=group.name,
                kind=kind,
                subject_code=code,
                term=term,
            )
            for kind, code, term in places_of(group)
        ],
        ignore_conflicts=True,
    )


def keys_of_sheets(school_code: str, school_year: str) -> set[Key]:
    """The subject sheets of a school and year that have a document."""
    rows = Document.objects.filter(school_code=school_code, school_year=school_year, kind=Kind.SUBJECT)
    return set(rows.values_list("class_name", "subject_code", "term"))


@transaction.atomic
def record_comparison(
    group: roster.Class, returned: Mapping[Key, bytes], *, by: str, at: datetime
) -> dict[str, int]:
    """Compare the sheets of a class with what the sector database gave back, freeze those without a difference.

    Sheets on which somebody has signed, or whose marks changed while the answer was under way, are passed over.
    Where the answer names other pupils than the sheet does, the roster changed after the report: such a sheet is
    reported again, to be compared once that has arrived. Returns how many are ready, blocked and passed over.
    """
    lock_classes(group.school_code, group.school_year, [group.name])
    locked = gradebook_sheets.lock(group.school_code, group.school_year, returned.keys())
    documents = {
        (document.class_name, document.subject_code, document.term): document
        for document in _documents(group).filter(kind=Kind.SUBJECT)
    }
    sources = sources_of(group)
    counts = {"ready": 0, "blocked": 0, "passed_over": 0}
    changed, outdated = [], []
    for key, content in returned.items():
        document = documents[key]
        if document.state in {State.PARTLY_SIGNED, State.SIGNED} or locked[key].closed_at is not None:
            counts["passed_over"] += 1
            continue
        sheet = class_record_xml.read_subject_sheet(content)
        if sheet.identity.version != locked[key].version:
            counts["passed_over"] += 1
            continue
        draft = compiling.subject_sheet(document, sources)
        entered = draft.value
        if not isinstance(entered, AnySubjectSheet):
            raise TypeError("a subject sheet was expected")
        found = [str(each) for each in differences(entered, sheet)]
        _settle(document, draft, [*draft.problems, *found], {key: locked[key].version}, at=at)
        changed.append(document)
        counts["ready" if document.state == State.READY else "blocked"] += 1
        if _named(entered) != _named(sheet):
            outdated.append(locked[key])
    _save(changed, by=by, at=at)
    if outdated:
        gradebook.report_again(group, outdated, at=at)
    return counts


@transaction.atomic
def record_refusals(group: roster.Class, refused: Mapping[Key, str], *, by: str, at: datetime) -> int:
    """Block the sheets that the sector database cannot give back, with what it says; how many.

    As with what it does give back, sheets on their way to a signature, or changed since they were asked for, are
    passed over.
    """
    if not refused:
        return 0
    lock_classes(group.school_code, group.school_year, [group.name])
    locked = gradebook_sheets.lock(group.school_code, group.school_year, refused.keys())
    sources = sources_of(group)
    changed = []
    for document in _documents(group).filter(kind=Kind.SUBJECT):
        key = (document.class_name, document.subject_code, document.term)
        if (
            key in refused
            and document.state in {State.OPEN, State.BLOCKED, State.READY}
            and locked[key].closed_at is None
            and locked[key].version == locked[key].reported_version
        ):
            draft = compiling.subject_sheet(document, sources)
            versions = {key: locked[key].version}
            _settle(document, draft, [*draft.problems, refused[key]], versions, at=at)
            changed.append(document)
    _save(changed, by=by, at=at)
    return len(changed)


def _named(sheet: AnySubjectSheet) -> set[tuple[str, str, str]]:
    return {(row.pupil_code, row.personal_id, row.name) for row in sheet.rows}


@transaction.atomic
def advance(group: roster.Class, *, by: str, at: datetime) -> list[Document]:
    """Freeze the terms and the year of a class whose children are all signed; idempotent.

    What is missing is written on the document (state BLOCKED) and looked at again the next time.
    """
    lock_classes(group.school_code, group.school_year, [group.name])
    return advance_classes(group.school_code, group.school_year, [group.name], by=by, at=at)


@transaction.atomic(savepoint=False)
def advance_classes(
    school_code: str, school_year: str, names: Collection[str], *, by: str, at: datetime
) -> list[Document]:
    """The same of several classes whose locks the caller holds."""
    waiting = _parents_of_signed(school_code, school_year, names)
    if not waiting:
        return []
    groups = roster.list_classes(school_code, school_year, {parent.class_name for parent in waiting})
    sources = sources_by_class(groups)
    children = {parent.pk: of_parent for parent, of_parent in waiting.items() if parent.class_name in sources}
    rows = Document.objects.select_for_update().filter(pk__in=children)
    documents = {_summary_key(document): document for document in rows.order_by("id")}
    locked = gradebook_sheets.lock(school_code, school_year, documents.keys())
    for key, document in documents.items():
        make = compiling.term_record if document.kind == Kind.TERM else compiling.year_record
        draft = make(document, sources[document.class_name], children[document.pk])
        _settle(document, draft, draft.problems, {key: locked[key].version}, at=at)
    ready = [document for document in documents.values() if document.state == State.READY]
    gradebook_sheets.close([locked[_summary_key(document)] for document in ready], by=by, at=at)
    _save(list(documents.values()), by=by, at=at)
    return ready


def _parents_of_signed(school_code: str, school_year: str, names: Collection[str]) -> dict[Part, list[Part]]:
    """The terms and years that can be frozen, each with its signed children: a few columns say so behind the locks."""
    rows = Document.objects.filter(school_code=school_code, school_year=school_year, class_name__in=names)
    parts = [Part(*row) for row in rows.order_by("id").values_list(*Part._fields)]
    # A sheet that nobody is assigned to any more is no part of the record, unless somebody has signed it.
    assigned = roster.cells_of_classes(school_code, school_year, names)
    children: dict[tuple[str, str, int], list[Part]] = {}
    for part in parts:
        if part.kind == Kind.TERM:
            children.setdefault((Kind.YEAR, part.class_name, 0), []).append(part)
        elif part.kind == Kind.SUBJECT and (
            roster.Cell(part.class_name, part.subject_code, part.term) in assigned
            or part.state in {State.PARTLY_SIGNED, State.SIGNED}
        ):
            children.setdefault((Kind.TERM, part.class_name, part.term), []).append(part)
    found = {part: children.get((part.kind, part.class_name, part.term), []) for part in parts}
    return {
        part: below
        for part, below in found.items()
        if part.state in {State.OPEN, State.BLOCKED} and below and all(map(_is_done, below))
    }


def _is_done(part: Part) -> bool:
    return part.state == workflow.DONE[Kind(part.kind)]


def sources_of(group: roster.Class) -> compiling.Sources:
    """What the documents of a class are made of. Raises LookupError without a school in the roster."""
    return sources_by_class([group])[group.name]


def sources_by_class(groups: Sequence[roster.Class]) -> dict[str, compiling.Sources]:
    """The same of classes of one school and year, by class name."""
    if not groups:
        return {}
    school_code, school_year = groups[0].school_code, groups[0].school_year
    school = roster.school_of(school_code)
    if school is None:
        raise LookupError(school_code)
    books, staff = gradebook.books_of(groups), roster.staff_by_code(school_code)
    teachers = roster.teachers_by_cell(school_code, school_year, books.keys(), staff=staff)
    principal = roster.principal_of(school_code)
    return {
        group.name: compiling.Sources(
            school=school,
            book=books[group.name],
            teachers=teachers,
            homeroom=staff.get(group.homeroom_code),
            principal=principal,
        )
        for group in groups
    }


def _documents(group: roster.Class) -> QuerySet[Document]:
    rows: QuerySet[Document] = (
        Document.objects.select_for_update()
        .filter(school_code=group.school_code, school_year=group.school_year, class_name=group.name)
        .order_by("id")
    )
    return rows


def _summary_key(document: Document) -> Key:
    return (document.class_name, gradebook.SUMMARY, document.term)


def _settle(
    document: Document,
    draft: compiling.Draft,
    problems: Iterable[str],
    versions: Mapping[Key, int],
    *,
    at: datetime,
) -> None:
    """READY with its octets in the file store, or BLOCKED with what stands in the way."""
    problems, octets = list(problems), b""
    if draft.value is not None and not problems:
        try:
            octets = class_record_xml.data_xml(draft.value)
        except class_record_xml.UnwritableValue as error:
            problems = list(error.problems)
    target = State.BLOCKED if problems or not octets else State.READY
    workflow.check(Kind(document.kind), State(document.state), target)
    document.state = target
    document.problems = problems[:LARGEST_PROBLEMS]
    document.signers = draft.signers
    document.sheet_versions = [[*key, version] for key, version in versions.items()]
    document.data_digest = store.put(octets) if target == State.READY else ""
    document.checked_at = at


def _save(documents: list[Document], *, by: str, at: datetime) -> None:
    writing.keep_checked(documents)
    for target, tag in ((State.READY, workflow.Tag.FROZEN), (State.BLOCKED, workflow.Tag.BLOCKED)):
        mine = [document for document in documents if document.state == target]
        if mine:
            audit.record_all(
                targets=[target_of(document) for document in mine],
                tag=tag,
                by=by,
                at=at,
                school_code=mine[0].school_code,
            )


def target_of(document: Document) -> str:
    """The name of a document in the audit trail."""
    return f"class-record:{document.uuid}"
