"""The signing desk and the list of transcripts, for programs of the people who are signed in."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from hocba.exchange.problems import ProblemItem
from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.answers import json_answer, problem
from hocba.platform.json_requests import (
    MalformedRequestError,
    octets_by_name,
    octets_of,
    read_object,
    row_id,
    text_of,
)
from hocba.transcripts.issuing import actions, tasks
from hocba.transcripts.issuing.permissions import can_read
from hocba.transcripts.records import queries as records
from hocba.transcripts.roles import Permission

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse

    from hocba.transcripts.records.models import Compilation, TranscriptVersion


@requires(Permission.SIGN)
@require_GET
def list_tasks(request: HttpRequest) -> HttpResponse:
    """GET what the actor has to sign, now or later."""
    found = [
        {
            "id": task.id,
            "title": task.title,
            "slot": task.slot.name,
            "documents": task.documents,
            "ready": task.ready,
            "waiting_for": task.waiting_for,
        }
        for task in tasks.list_tasks(actor_of(request))
    ]
    return json_answer({"tasks": found})


@requires(Permission.SIGN)
@require_POST
def open_batch(request: HttpRequest) -> HttpResponse:
    """POST {"task", "certificate"}: the frozen list with the exact bytes to be signed."""
    try:
        asked = read_object(request)
        task_id, certificate = text_of(asked, "task"), octets_of(asked.get("certificate"))
    except MalformedRequestError:
        return problem(400, "Cần “task” và “certificate” (DER, base64).")
    try:
        opened = actions.open_batch(
            task_id=task_id, certificate=certificate, actor=actor_of(request), at=timezone.now()
        )
    except actions.NotYoursError:
        return problem(404, "Không có việc ký này.")
    except actions.NotReadyError as error:
        return problem(409, "Chưa đến lượt ký.", detail=str(error))
    except actions.CertificateRefusedError as error:
        items = [ProblemItem(code="certificate", detail=detail) for detail in error.problems]
        return problem(422, "Chứng thư số không dùng được để ký ở đây.", items)
    return json_answer(_batch(opened), status=201)


@requires(Permission.SIGN)
@require_POST
def complete_batch(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """POST {"signatures": {item: base64}}: verified, then embedded; the same call gives the same answer."""
    try:
        given = octets_by_name(read_object(request), "signatures")
        signatures = {_item_id(name): value for name, value in given.items()}
    except MalformedRequestError:
        return problem(400, "Cần “signatures”: giá trị chữ ký (base64) theo mã văn bản.")
    try:
        outcome = actions.complete_batch(
            batch_id=batch_id, signatures=signatures, actor=actor_of(request), at=timezone.now()
        )
    except actions.NotYoursError:
        return problem(404, "Không có lượt ký này.")
    except actions.BatchOverError as error:
        return problem(409, str(error))
    refused = [{"id": str(item), "reason": reason} for item, reason in outcome.refused]
    return json_answer({"signed": outcome.signed, "refused": refused})


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


def _item_id(name: str) -> int:
    found = row_id(name)
    if found is None:
        raise MalformedRequestError(name)
    return found


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


def _batch(opened: actions.OpenedBatch) -> dict[str, Any]:
    return {
        "batch": str(opened.batch.pk),
        "digest": opened.batch.digest,
        "expires_at": timezone.localtime(opened.batch.expires_at).isoformat(timespec="seconds"),
        "page": reverse("transcripts_signing_batch", args=[opened.batch.pk]),
        "items": [
            {
                "id": str(item.pk),
                "title": opened.titles[item.pk],
                "kind": item.kind,
                "to_be_signed": base64.b64encode(item.to_be_signed).decode(),
                "page": reverse("transcripts_signing_item", args=[opened.batch.pk, item.pk]),
                "file": reverse("transcripts_signing_item_file", args=[opened.batch.pk, item.pk]),
            }
            for item in opened.items
        ],
    }
