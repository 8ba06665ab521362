"""The page about preservation, and the evidence of a document as a file, for officers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hocba.city.preservation import queries, renewing, tokens
from hocba.city.roles import Permission
from hocba.exchange.preservation.bundles import SUFFIX
from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.audit import actions as audit
from hocba.signing.evidence.errors import EvidenceError

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest

logger = logging.getLogger(__name__)

TAG_EXPORTED = "preservation:evidence:exported"


@requires(Permission.FIGURES_VIEW)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """How preservation stands; figures only."""
    late, first_end = tokens.late(timezone.now() + renewing.margin() / 2)
    context = {
        "figures": queries.figures(),
        "margin": renewing.margin().days,
        "late": late,
        "first_end": first_end,
    }
    return render(request, "city_preservation/overview.html", context)


@requires(Permission.EVIDENCE_EXPORT)
@require_GET
def evidence(request: HttpRequest, transcript_id: uuid.UUID, version: int) -> HttpResponse:
    """The evidence of one registered version as a file; leaves a trace."""
    try:
        content = queries.bundle_of(transcript_id, version)
    except queries.NotPreservedError as error:
        raise Http404 from error
    except EvidenceError:
        logger.exception("no evidence bundle can be made of %s v%s", transcript_id, version)
        return HttpResponse(queries.CANNOT_BE_MADE, status=503, content_type="text/plain; charset=utf-8")
    audit.record(
        tag=TAG_EXPORTED,
        target=f"transcript:{transcript_id}:{version}",
        by=actor_of(request).name,
        at=timezone.now(),
    )
    return as_file(content, transcript_id, version)


def as_file(content: bytes, transcript_id: uuid.UUID, version: int) -> HttpResponse:
    """An answer that is saved under the document's name."""
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{transcript_id}-v{version}{SUFFIX}"'
    return answer
