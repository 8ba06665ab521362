"""The evidence of a registered version, for the school that issued it and for the portal."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.utils import timezone
from django.views.decorators.http import require_GET

from hocba.city.preservation import queries
from hocba.city.preservation.web import TAG_EXPORTED, as_file
from hocba.platform.answers import problem
from hocba.platform.audit import actions as audit
from hocba.platform.messages.inbox import machine
from hocba.signing.evidence.errors import EvidenceError

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse


logger = logging.getLogger(__name__)


@machine("transcripts", "portal")
@require_GET
def evidence(request: HttpRequest, transcript_id: uuid.UUID, version: int) -> HttpResponse:
    """GET the evidence bundle; 404 until a time stamp covers the version.

    `?file=` is the SHA-256 (hex) of the XML or PDF that the asker has, and 404 when it is of neither. The portal speaks
    for strangers and must give it; a school gets the evidence of what it issued without.
    """
    file = request.GET.get("file", "" if request.sender == "portal" else None)  # type: ignore[attr-defined]
    try:
        content = queries.bundle_of(transcript_id, version, file=file)
    except queries.NotPreservedError:
        return problem(404, "Chưa có hồ sơ bằng chứng của học bạ này; hãy thử lại sau.")
    except EvidenceError:
        logger.exception("no evidence bundle can be made of %s v%s", transcript_id, version)
        return problem(503, queries.CANNOT_BE_MADE)
    audit.record(
        tag=TAG_EXPORTED,
        target=f"transcript:{transcript_id}:{version}",
        by=f"side:{request.sender}",  # type: ignore[attr-defined]
        at=timezone.now(),
    )
    return as_file(content, transcript_id, version)
