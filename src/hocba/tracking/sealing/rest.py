"""The signing desk: tasks, batches, signatures. People sign with their own keys; the server holds none."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.answers import json_answer, problem
from hocba.platform.json_requests import (
    MalformedRequestError,
    octets_by_name,
    octets_of,
    read_object,
    text_of,
)
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

    from django.http import HttpRequest, HttpResponse

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
    return json_answer({"tasks": found})


@requires(Permission.SIGN)
@require_POST
def open_batch(request: HttpRequest) -> HttpResponse:
    """POST /api/signing/batches {"task", "certificate"}: the bytes to sign, written down before they leave."""
    try:
        body = read_object(request)
        task, certificate = text_of(body, "task"), octets_of(body.get("certificate"))
    except MalformedRequestError:
        return problem(400, "Cần “task” và “certificate” (DER, base64).")
    try:
        opened = batches.open_batch(
            actor=actor_of(request), task=task, certificate=certificate, at=timezone.now()
        )
    except SealingError as error:
        return problem(STATUS[type(error)], str(error))
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
    return json_answer(answer, status=201)


@requires(Permission.SIGN)
@require_POST
def take_signatures(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """POST /api/signing/batches/{batch}/signatures {"signatures": {item: base64}}."""
    try:
        values = octets_by_name(read_object(request), "signatures")
    except MalformedRequestError:
        return problem(400, "Cần “signatures”: mã mục và giá trị chữ ký (base64).")
    try:
        outcome = signing.take_signatures(
            actor=actor_of(request),
            batch_id=batch_id,
            signatures=values,
            at=timezone.now(),
        )
    except SealingError as error:
        return problem(STATUS[type(error)], str(error))
    refused = [{"id": name, "reason": reason} for name, reason in outcome.refused]
    return json_answer({"signed": outcome.signed, "refused": refused})
