"""The list of transcripts, for programs of the people who are signed in; the signing desk's are `hocba.desk`'s."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.views.decorators.http import require_GET

from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.answers import json_answer
from hocba.transcripts.issuing.permissions import can_read
from hocba.transcripts.records import queries as records
from hocba.transcripts.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hocba.transcripts.records.models import Compilation, TranscriptVersion


@requires(Permission.FILES_READ)
@require_GET
def list_transcripts(request: HttpRequest) -> HttpResponse:
    """GET the transcripts the actor may read, with the addresses of their files, one by one and by class."""
    actor = actor_of(request)
    versions = [version for version in records.list_school_versions() if can_read(actor, version.compilation)]
    classes = {
        version.compilation_id: version.compilation for version in versions if hasattr(version, "issued")
    }
    answer = {
        "transcripts": [_transcript(version) for version in versions],
        "classes": [_class(compilation) for compilation in classes.values()],
    }
    return json_answer(answer)


def _class(compilation: Compilation) -> dict[str, Any]:
    return {
        "class": compilation.class_name,
        "school_year": compilation.school_year,
        "files": reverse("transcripts_class_archive", args=[compilation.pk]),
    }


def _transcript(version: TranscriptVersion) -> dict[str, Any]:
    name = [version.transcript_id, version.version]
    is_issued, has_receipt = hasattr(version, "issued"), hasattr(version, "receipt")
    return {
        "id": str(version.transcript_id),
        "version": version.version,
        "pupil_code": version.pupil_code,
        "pupil": version.pupil_name,
        "class": version.compilation.class_name,
        "school_year": version.school_year,
        "status": version.status,
        "xml": reverse("transcripts_xml", args=name) if is_issued else None,
        "pdf": reverse("transcripts_pdf", args=name) if is_issued else None,
        "receipt": reverse("transcripts_receipt", args=name) if has_receipt else None,
    }
