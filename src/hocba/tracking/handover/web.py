"""The list of classes and the page of a class: states of documents, who must act. No value of a pupil."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages as notices
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from hocba.platform.accounts.guards import actor_of, requires
from hocba.tracking.gradebook import permissions as gradebook_permissions
from hocba.tracking.handover import actions, progress, workflow
from hocba.tracking.printing import forms as printing
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
        "teaches": actor.may(Permission.RESULTS_READ_OWN),
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
    reader = _Reader(actor, group)
    overview = progress.list_progress(actor.school_code, school_year, name)[0]
    states = queries.list_states(actor.school_code, school_year, name)
    context = {
        "group": group,
        "overview": overview,
        "sheets": [reader.row(sheet) for sheet in progress.list_sheets(group)],
        "above": [(state, reader.problems(state)) for state in states if state.kind != queries.Kind.SUBJECT],
        "downloads": {state.uuid for state in states if state.has_file and reader.may_have(state.uuid)},
        # What another side found wrong may quote values of pupils.
        "may_read_refusals": actor.may(Permission.FILES_READ_SCHOOL) or actor.may(Permission.FILES_READ_YEAR),
        "may_send": actor.may(Permission.HANDOVER_SEND),
        "may_read_class": reader.may_read_class(),
        "forms": printing.list_forms(group) if reader.may_read_class() else [],
    }
    return render(request, "tracking_handover/class_page.html", context)


@requires(Permission.HANDOVER_SEND)
@require_POST
def send_again(request: HttpRequest, document_id: UUID, recipient: str) -> HttpResponse:
    """Send a refused record once more, then back to the page of its class."""
    actor = actor_of(request)
    document = queries.get_document(actor.school_code, document_id)
    if document is None or recipient not in workflow.RECIPIENT_NAMES:
        raise Http404
    try:
        actions.send_again(
            document_id=document_id,
            school_code=actor.school_code,
            recipient=recipient,
            by=actor.name,
            at=timezone.now(),
        )
    except actions.NothingToSendError as error:
        raise Http404 from error
    except actions.OrderError as error:
        notices.error(request, str(error))
    else:
        notices.success(request, f"Đang gửi lại sổ tới {workflow.RECIPIENT_NAMES[recipient]}.")
    return redirect("tracking_class", document.school_year, document.class_name)


class _Reader:
    """What one actor may see of one class; looked up once."""

    def __init__(self, actor: Actor, group: roster.Class) -> None:
        self.actor = actor
        self.group = group
        self.reach = roster.reach_of(actor.school_code, group.school_year, actor.holder_code)
        rows = queries.list_documents(actor.school_code, group.school_year, group.name)
        self.documents = {row.uuid: row for row in rows if permissions.can_read_file(actor, self.reach, row)}

    def may_read_class(self) -> bool:
        """Whether the actor may read the results of the whole class."""
        return self.actor.may(Permission.RESULTS_READ) and gradebook_permissions.can_read_class(
            self.actor, self.reach, self.group.name
        )

    def may_have(self, document_id: UUID) -> bool:
        """Whether the actor may have the document's file."""
        return document_id in self.documents

    def row(self, sheet: progress.SheetProgress) -> dict[str, object]:
        """A sheet with what the actor may do with it."""
        may_read = self.actor.may(Permission.RESULTS_READ) and gradebook_permissions.can_read_sheet(
            self.actor, self.reach, self.group.name, sheet.subject_code
        )
        problems = self.problems(sheet.document) if sheet.document else []
        return {"sheet": sheet, "may_read": may_read, "problems": problems}

    def problems(self, state: DocumentState) -> list[str]:
        """What stands in the way, for who may have the document; others see the number only."""
        document = self.documents.get(state.uuid)
        return list(document.problems) if document else []
