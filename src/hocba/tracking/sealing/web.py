"""Downloads of signed files; each is audited (R65)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.tracking.gradebook.errors import NotAllowedError
from hocba.tracking.roles import Permission
from hocba.tracking.roster import queries as roster
from hocba.tracking.sealing import freezing, permissions, queries, workflow

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


@requires(Permission.CLASSES_VIEW)
@require_GET
def download(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The signed XML of one document of a class record."""
    actor = actor_of(request)
    document = queries.get_document(actor.school_code, document_id)
    if document is None:
        raise Http404
    reach = roster.reach_of(actor.school_code, document.school_year, actor.holder_code)
    try:
        permissions.check_can_read_file(actor, reach, document)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    if not document.file_digest:
        raise Http404
    audit.record(
        tag=workflow.Tag.DOWNLOADED,
        target=freezing.target_of(document),
        by=actor.name,
        at=timezone.now(),
        school_code=actor.school_code,
    )
    name = (
        f"so-{document.class_name}-{document.subject_code or 'lop'}-{document.term}-v{document.version}.xml"
    )
    answer = HttpResponse(store.get(document.file_digest), content_type="application/xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_plain(name)}"'
    return answer


def _plain(name: str) -> str:
    return "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-.") else "_" for letter in name
    )
