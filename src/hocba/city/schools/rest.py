"""Certificates declared and approved, and what is trusted: for the other sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseNotAllowed
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from hocba.city.schools import actions, queries
from hocba.exchange import messages
from hocba.exchange.problems import ProblemItem
from hocba.platform.answers import json_body, problem
from hocba.platform.messages.inbox import machine

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LONGEST_VERSION = 15
"""Digits; nothing here counts further, and no database is asked with a number it cannot hold."""


@machine("transcripts", "tracking", "portal")
def certificates(request: HttpRequest, school_code: str) -> HttpResponse:
    """PUT: what a school declares. GET: its register of approved certificates."""
    if request.method == "PUT":
        return _declare(request, school_code)
    if request.method == "GET":
        approved = queries.approved_certificates_of(school_code)
        if approved is None:
            return problem(404, "Trường chưa khai báo chứng thư số nào.")
        return json_body(messages.to_bytes(approved))
    return HttpResponseNotAllowed(["GET", "PUT"])


@machine("tracking", "transcripts", "portal")
@require_GET
def trust(request: HttpRequest) -> HttpResponse:
    """Authorities and revocation lists."""
    return json_body(messages.to_bytes(queries.trust_bundle()))


@machine("transcripts")
@require_GET
def declared_certificates(request: HttpRequest, school_code: str) -> HttpResponse:
    """Everything a school declared, and what became of it."""
    found = queries.declared_certificates_of(school_code)
    if found is None:
        return problem(404, "Trường chưa khai báo chứng thư số nào.")
    return json_body(messages.to_bytes(found))


@machine("tracking", "transcripts")
@require_GET
def certificate_changes(request: HttpRequest) -> HttpResponse:
    """Which registers changed after `?since=`, so that nobody asks for each of two thousand schools."""
    since = request.GET.get("since", "")
    if not (since.isascii() and since.isdigit() and len(since) <= LONGEST_VERSION):
        return problem(400, "Cần “since” là phiên bản đã theo dõi đến, bắt đầu từ 0.")
    return json_body(messages.to_bytes(queries.certificate_changes(int(since))))


@machine("transcripts")
@require_http_methods(["PUT"])
def duty_ending(request: HttpRequest, school_code: str, holder: str) -> HttpResponse:
    """PUT that somebody leaves a school; the same again changes nothing."""
    try:
        ending = messages.from_bytes(messages.DutyEnding, request.body)
    except messages.MessageError as error:
        items = [
            ProblemItem(code="malformed", detail=found.message, pointer=found.pointer)
            for found in error.problems
        ]
        return problem(422, "Thông báo thôi làm việc không đúng cấu trúc.", items)
    if (ending.school, ending.holder) != (school_code, holder):
        return problem(422, "Thông báo không thuộc trường hay người ghi trong địa chỉ.")
    try:
        count = actions.end_duty_of(ending, by="side:transcripts", at=timezone.now())
    except actions.NothingToEndError as error:
        return problem(409, "Thông báo thôi làm việc không làm thay đổi phê duyệt nào.", detail=str(error))
    return json_body(b'{"ended":%d}' % count)


def _declare(request: HttpRequest, school_code: str) -> HttpResponse:
    if request.sender != "transcripts":  # type: ignore[attr-defined]
        return problem(403, "Chỉ hệ thống học bạ số của trường khai báo chứng thư số.")
    try:
        declaration = messages.from_bytes(messages.CertificateDeclaration, request.body)
    except messages.MessageError as error:
        items = [
            ProblemItem(code="malformed", detail=found.message, pointer=found.pointer)
            for found in error.problems
        ]
        return problem(422, "Bản khai báo chứng thư số không đúng cấu trúc.", items)
    if declaration.school != school_code:
        return problem(422, "Bản khai báo không thuộc trường ghi trong địa chỉ.")
    try:
        fresh = actions.declare(declaration, by="side:transcripts", at=timezone.now())
    except actions.OutdatedDeclarationError as error:
        return problem(409, "Bản khai báo đã cũ.", detail=str(error))
    except actions.DeclarationError as error:
        items = [ProblemItem(code="certificate", detail=detail) for detail in error.problems]
        return problem(422, "Có chứng thư số không nhận được.", items)
    return json_body(b'{"declared":%d}' % fresh, status=201 if fresh else 200)
