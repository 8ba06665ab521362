"""Downloads of printed forms; each is audited (R65)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.audit import actions as audit
from hocba.tracking.gradebook import permissions
from hocba.tracking.gradebook.errors import NotAllowedError
from hocba.tracking.printing import books
from hocba.tracking.printing.forms import CONTENT_TYPES, TEACHER_BOOK, forms_of
from hocba.tracking.roles import Permission
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from django.http import HttpRequest

TAG = "printing:form:made"


@requires(Permission.RESULTS_READ)
@require_GET
def class_form(request: HttpRequest, school_year: str, name: str, form: str, extension: str) -> HttpResponse:
    """A form of a class for who may read the whole class."""
    actor = actor_of(request)
    group = roster.get_class(actor.school_code, school_year, name)
    if group is None:
        raise Http404
    forms = forms_of(group)
    maker = forms.by_name[form].makers.get(extension) if form in forms.by_name else None
    if maker is None:
        raise Http404
    reach = roster.reach_of(actor.school_code, school_year, actor.holder_code)
    try:
        permissions.check_can_read_class(actor, reach, name)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    try:
        content = maker(forms.values(group), at=timezone.now())
    except books.NotPrintableError as error:
        raise Http404(str(error)) from error
    _audit(request, f"class:{actor.school_code}:{school_year}:{name}", form)
    return _file(content, f"{form}-{name}-{school_year}", extension)


@requires(Permission.RESULTS_READ_OWN)
@require_GET
def teacher_book(request: HttpRequest, school_year: str, extension: str) -> HttpResponse:
    """The book of the signed-in teacher: the own sheets and nobody else's."""
    actor = actor_of(request)
    maker = TEACHER_BOOK.makers.get(extension)
    if maker is None:
        raise Http404
    try:
        book = books.teacher_book(actor.school_code, school_year, actor.holder_code)
    except books.NotPrintableError as error:
        raise Http404(str(error)) from error
    _audit(request, f"teacher:{actor.school_code}:{school_year}:{actor.holder_code}", "so-giao-vien")
    return _file(maker(book, at=timezone.now()), f"so-giao-vien-{actor.holder_code}-{school_year}", extension)


def _audit(request: HttpRequest, target: str, form: str) -> None:
    actor = actor_of(request)
    audit.record(
        tag=TAG,
        target=target,
        by=actor.name,
        at=timezone.now(),
        school_code=actor.school_code,
        details={"form": form},
    )


def _file(content: bytes, stem: str, extension: str) -> HttpResponse:
    plain = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter == "-") else "_" for letter in stem
    )
    answer = HttpResponse(content, content_type=CONTENT_TYPES[extension])
    answer.headers["Content-Disposition"] = f'attachment; filename="{plain}.{extension}"'
    return answer
