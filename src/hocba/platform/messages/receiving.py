"""The address under which a side takes single files of other sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_http_methods

from hocba.platform.answers import json_body, problem
from hocba.platform.files import store
from hocba.platform.messages.inbox import machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def file_view(*senders: str) -> Callable[..., HttpResponse]:
    """A view that takes a file under its SHA-256 from these sides: 201 when it is new, 200 when it was here."""

    @machine(*senders)
    @require_http_methods(["PUT"])
    def file(request: HttpRequest, digest: str) -> HttpResponse:
        """PUT a file under its SHA-256."""
        if store.digest_of(request.body) != digest:
            return problem(422, "Nội dung tệp không có giá trị băm ghi trong địa chỉ.")
        is_new = not store.exists(digest)
        store.put(request.body)
        return json_body(b"{}", status=201 if is_new else 200)

    return file
