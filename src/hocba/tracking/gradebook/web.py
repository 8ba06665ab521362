"""Pages that show results; reading them is audited (R65)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.audit import actions as audit
from hocba.tracking.gradebook import permissions, presenting, presenting_primary, queries, workflow
from hocba.tracking.gradebook.errors import NotAllowedError
from hocba.tracking.roles import Permission
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hocba.platform.accounts.actor import Actor


@requires(Permission.RESULTS_READ)
@require_GET
def class_results(request: HttpRequest, school_year: str, name: str) -> HttpResponse:
    """Results of all subjects of a class, conduct, promotion: for who may read the whole class."""
    group = _class_or_404(request, school_year, name)
    actor = actor_of(request)
    try:
        permissions.check_can_read_class(actor, reach_of(actor, school_year), name)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    _audit_reading(request, f"class:{actor.school_code}:{school_year}:{name}")
    book = queries.book_of(group)
    if isinstance(book, queries.PrimaryBook):
        page, context = "primary_class_results", presenting_primary.class_table(book)
    else:
        page, context = "class_results", presenting.class_table(book)
    return render(request, f"tracking_gradebook/{page}.html", {"group": group, **context})


@requires(Permission.RESULTS_READ)
@require_GET
def sheet(request: HttpRequest, school_year: str, name: str, subject_code: str, term: int) -> HttpResponse:
    """Marks and remarks of one subject of a class in a term."""
    group = _class_or_404(request, school_year, name)
    if subject_code not in group.subjects or term not in (1, 2):
        raise Http404
    actor = actor_of(request)
    try:
        permissions.check_can_read_sheet(actor, reach_of(actor, school_year), name, subject_code)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    _audit_reading(request, f"sheet:{actor.school_code}:{school_year}:{name}:{subject_code}:{term}")
    book = queries.book_of(group)
    if isinstance(book, queries.PrimaryBook):
        page, context = "primary_sheet", presenting_primary.sheet_table(book, subject_code, term)
    else:
        page, context = "sheet", presenting.sheet_table(book, subject_code, term)
    return render(request, f"tracking_gradebook/{page}.html", {"group": group, "term": term, **context})


def reach_of(actor: Actor, school_year: str) -> roster.Reach:
    """What the actor's own assignments reach."""
    return roster.reach_of(actor.school_code, school_year, actor.holder_code)


def _class_or_404(request: HttpRequest, school_year: str, name: str) -> roster.Class:
    group = roster.get_class(actor_of(request).school_code, school_year, name)
    if group is None:
        raise Http404
    return group


def _audit_reading(request: HttpRequest, target: str) -> None:
    actor = actor_of(request)
    audit.record(
        tag=workflow.Tag.RESULTS_READ,
        target=target,
        by=actor.name,
        at=timezone.now(),
        school_code=actor.school_code,
    )
