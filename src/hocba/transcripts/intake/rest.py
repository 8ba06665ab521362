"""Files and class records from the tracking side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hocba.platform.files import store
from hocba.platform.messages.inbox import machine
from hocba.transcripts.intake import actions
from hocba.transcripts.rest_answers import json_body, problem

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse


@machine("tracking")
@require_http_methods(["PUT"])
def file(request: HttpRequest, digest: str) -> HttpResponse:
    """PUT a file under its SHA-256."""
    if store.digest_of(request.body) != digest:
        return problem(422, "Nội dung tệp không có giá trị băm ghi trong địa chỉ.")
    is_new = not store.exists(digest)
    store.put(request.body)
    return json_body(b"{}", status=201 if is_new else 200)


@machine("tracking")
@require_http_methods(["PUT"])
def class_record(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """PUT a sealed class record of a year; its term and subject files were sent before."""
    try:
        is_new = actions.take_in(
            record_id=record_id, content=request.body, by="side:tracking", at=timezone.now()
        )
    except actions.AlreadyDifferentError as error:
        return problem(409, "Đã có học bạ từ một sổ lớp khác.", detail=str(error))
    except actions.RefusedError as error:
        return problem(422, "Sổ lớp không được chấp nhận.", error.items)
    return json_body(b"{}", status=201 if is_new else 200)
