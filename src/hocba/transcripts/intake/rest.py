"""Files and class records from the tracking side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hocba.exchange import bundles
from hocba.exchange.errors import MalformedBundleError
from hocba.platform.answers import json_body, problem
from hocba.platform.files import store
from hocba.platform.messages.inbox import keep_as_files, machine
from hocba.platform.messages.receiving import file_view
from hocba.transcripts.intake import actions

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse


file = file_view("tracking")


@machine("tracking")
@require_http_methods(["PUT"])
def class_record(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """PUT a sealed class record of a year: its file alone, or followed by the term and subject files below it.

    Files that are not in the body were sent before.
    """
    try:
        year = _with_files_below(request)
    except MalformedBundleError as error:
        return problem(422, "Không đọc được các tệp của sổ lớp.", detail=str(error))
    try:
        is_new = actions.take_in(record_id=record_id, content=year, by="side:tracking", at=timezone.now())
    except actions.AlreadyDifferentError as error:
        return problem(409, "Đã có học bạ từ một sổ lớp khác.", detail=str(error))
    except actions.RefusedError as error:
        return problem(422, "Sổ lớp không được chấp nhận.", error.items)
    return json_body(b"{}", status=201 if is_new else 200)


def _with_files_below(request: HttpRequest) -> bytes:
    """The year's file; the others of the body go into the file store, where intake looks for them."""
    content_type = request.headers.get("content-type", "")
    if not bundles.is_bundle(content_type):
        return request.body
    files = bundles.split(content_type, request.body)
    keep_as_files(request, files)
    for content in files[1:]:
        store.put(content)
    return files[0]
