"""The signing desk: tasks, batches, signatures. People sign with their own keys; the server holds none."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from hocba.exchange.problems import MEDIA_TYPE, ProblemDetails
from hocba.platform.accounts.guards import actor_of, requires
from hocba.signing import instants
from hocba.tracking.roles import Permission
from hocba.tracking.sealing import batches, signing, tasks
from hocba.tracking.sealing.errors import (
    BatchClosedError,
    CertificateRefusedError,
    NotYoursError,
    OrderError,
    SealingError,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

STATUS = {NotYoursError: 403, OrderError: 409, BatchClosedError: 409, CertificateRefusedError: 422}


@requires(Permission.SIGN)
@require_GET
def list_tasks(request: HttpRequest) -> HttpResponse:
    """GET /api/signing/tasks: what the signed-in person has to sign."""
    found = [
        {
            "id": str(task.key),
            "title": task.key.title,
            "slot": task.key.slot.value,
            "documents": task.ready,
            "ready": task.ready > 0,
            "waiting": task.waiting,
            "waiting_for": task.waiting_for,
        }
        for task in tasks.tasks_of(actor_of(request))
    ]
    return _json({"tasks": found})


@requires(Permission.SIGN)
@require_POST
def open_batch(request: HttpRequest) -> HttpResponse:
    """POST /api/signing/batches {"task", "certificate"}: the bytes to sign, written down before they leave."""
    body = _object(request.body)
    certificate = _decoded(body.get("certificate")) if body else None
    if body is None or certificate is None or not isinstance(body.get("task"), str):
        return _problem(400, "Cần “task” và “certificate” (DER, base64).")
    try:
        opened = batches.open_batch(
            actor=actor_of(request), task=body["task"], certificate=certificate, at=timezone.now()
        )
    except SealingError as error:
        return _problem(STATUS[type(error)], str(error))
    items = [
        {
            "id": item.signature_id,
            "title": item.title,
            "kind": "xml",
            "to_be_signed": b64encode(item.to_be_signed).decode(),
            "page": reverse("tracking_signing_item", args=[opened.batch.uuid, item.signature_id]),
            "file": reverse("tracking_signing_item_file", args=[opened.batch.uuid, item.signature_id]),
        }
        for item in opened.items
    ]
    answer = {
        "batch": str(opened.batch.uuid),
        "digest": f"sha256:{opened.batch.digest}",
        "expires_at": instants.iso(opened.batch.expires_at),
        "page": reverse("tracking_signing_batch", args=[opened.batch.uuid]),
        "items": items,
    }
    return _json(answer, status=201)


@requires(Permission.SIGN)
@require_POST
def take_signatures(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """POST /api/signing/batches/{batch}/signatures {"signatures": {item: base64}}."""
    body = _object(request.body)
    given = body.get("signatures") if body else None
    if not isinstance(given, dict):
        return _problem(400, "Cần “signatures”: mã mục và giá trị chữ ký (base64).")
    values = {name: _decoded(value) for name, value in given.items()}
    if any(value is None for value in values.values()):
        return _problem(400, "Có giá trị chữ ký không phải base64.")
    try:
        outcome = signing.take_signatures(
            actor=actor_of(request),
            batch_id=batch_id,
            signatures={name: value for name, value in values.items() if value is not None},
            at=timezone.now(),
        )
    except SealingError as error:
        return _problem(STATUS[type(error)], str(error))
    refused = [{"id": name, "reason": reason} for name, reason in outcome.refused]
    return _json({"signed": outcome.signed, "refused": refused})


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _decoded(text: object) -> bytes | None:
    if not isinstance(text, str):
        return None
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _json(content: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def _problem(status: int, title: str) -> HttpResponse:
    details = ProblemDetails(status=status, title=title)
    return HttpResponse(details.to_json(), status=status, content_type=MEDIA_TYPE)
