"""The list of classes and the page of a class: states of documents, who must act. No value of a pupil."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hocba.platform.accounts.guards import actor_of, requires
from hocba.tracking.gradebook import permissions as gradebook_permissions
from hocba.tracking.handover import progress
from hocba.tracking.roles import Permission
from hocba.tracking.roster import queries as roster
from hocba.tracking.sealing import permissions, queries, tasks

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hocba.platform.accounts.actor import Actor
    from hocba.tracking.sealing.queries import DocumentState


@requires(Permission.CLASSES_VIEW)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Classes of a year (?nam-hoc=2024-2025; the newest without it) with the state of each document."""
    actor = actor_of(request)
    years = roster.school_years_of(actor.school_code)
    asked = request.GET.get("nam-hoc", "")
    year = asked if asked in years else (years[0] if years else "")
    context = {
        "school": roster.school_of(actor.school_code),
        "years": years,
        "year": year,
        "copy": roster.newest_copy(actor.school_code, year),
        "classes": progress.list_progress(actor.school_code, year),
        "tasks": tasks.tasks_of(actor) if actor.may(Permission.SIGN) else [],
    }
    return render(request, "tracking_handover/home.html", context)


@requires(Permission.CLASSES_VIEW)
@require_GET
def class_page(request: HttpRequest, school_year: str, name: str) -> HttpResponse:
    """Subjects of a class with their sheets, terms and year, and who must act."""
    actor = actor_of(request)
    group = roster.get_class(actor.school_code, school_year, name)
    if group is None:
        raise Http404
    states = queries.list_states(actor.school_code, school_year, name)
    overview = next(
        each for each in progress.list_progress(actor.school_code, school_year) if each.group.name == name
    )
    context = {
        "group": group,
        "overview": overview,
        "sheets": [_row(actor, group, sheet) for sheet in progress.list_sheets(group)],
        "above": [(state, _problems(actor, state)) for state in states if state.kind != queries.Kind.SUBJECT],
        "downloads": _downloads(actor, states),
        # What another side found wrong may quote values of pupils.
        "may_read_refusals": actor.may(Permission.FILES_READ_SCHOOL) or actor.may(Permission.FILES_READ_YEAR),
        "may_read_class": actor.may(Permission.RESULTS_READ)
        and gradebook_permissions.can_read_class(actor, school_year, name),
    }
    return render(request, "tracking_handover/class_page.html", context)


def _row(actor: Actor, group: roster.Class, sheet: progress.SheetProgress) -> dict[str, object]:
    cell = roster.Cell(group.name, sheet.subject_code, sheet.term)
    may_read = actor.may(Permission.RESULTS_READ) and gradebook_permissions.can_read_sheet(
        actor, group.school_year, cell
    )
    problems = _problems(actor, sheet.document) if may_read and sheet.document else []
    return {"sheet": sheet, "may_read": may_read, "problems": problems}


def _problems(actor: Actor, state: DocumentState) -> list[str]:
    """What stands in the way, for who may see the document's values; others see the number only."""
    document = queries.get_document(actor.school_code, state.uuid) if state.problem_count else None
    if document is None or not permissions.can_read_file(actor, document):
        return []
    return list(document.problems)


def _downloads(actor: Actor, states: list[DocumentState]) -> set[UUID]:
    found = set()
    for state in states:
        document = queries.get_document(actor.school_code, state.uuid) if state.has_file else None
        if document is not None and permissions.can_read_file(actor, document):
            found.add(state.uuid)
    return found
