"""Results in (tracking reports) and out (kết chuyển), for machines only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from hocba.documents import class_record_xml
from hocba.exchange import messages
from hocba.exchange.problems import ProblemItem
from hocba.platform.answers import problem
from hocba.platform.files import store
from hocba.platform.messages.inbox import machine
from hocba.regulations.errors import UnknownSubjectError
from hocba.sector.results import actions
from hocba.sector.results import compile as compiling

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hocba.documents.any_level import AnySubjectSheet

Place = tuple[str, str, str, str, int]


@machine("tracking")
@require_http_methods(["PUT"])
def results(
    request: HttpRequest, school_code: str, school_year: str, class_name: str, subject_code: str, term: int
) -> HttpResponse:
    """PUT one report: 201 when it is news, 200 when it was known, 409 when a newer one is there."""
    place = (school_code, school_year, class_name, subject_code, term)
    try:
        report = _report_in(request.body)
    except messages.MessageError as error:
        items = [
            ProblemItem(code="malformed", detail=each.message, pointer=each.pointer)
            for each in error.problems
        ]
        return problem(422, "Báo cáo kết quả không đúng cấu trúc.", items)
    if _place_of(report) != place:
        return problem(422, "Nội dung báo cáo không thuộc địa chỉ được gửi tới.")
    try:
        news = actions.take_over(
            report, digest=store.digest_of(request.body), by=f"side:{_sender(request)}", at=timezone.now()
        )
    except actions.StaleReportError as error:
        return problem(409, str(error))
    except (actions.UnknownClassError, actions.SubjectNotTaughtError) as error:
        return problem(422, str(error))
    return HttpResponse(status=201 if news else 200, content_type="application/json", content=b"{}")


@machine("tracking")
@require_GET
def class_results(request: HttpRequest, school_code: str, school_year: str, class_name: str) -> HttpResponse:
    """GET all reported results of a class, each sheet as XML, to be compared with what was entered."""
    sheets = compiling.sheets_of(school_code, school_year, class_name)
    if sheets is None:
        return problem(404, f"Trường không có lớp {class_name} trong năm học {school_year}.")
    returned = messages.ReturnedResults(
        school=school_code,
        school_year=school_year,
        class_name=class_name,
        sheets=tuple(_returned(place, sheet) for place, sheet in sheets.items()),
    )
    return HttpResponse(messages.to_bytes(returned), content_type="application/json")


def _returned(place: compiling.Place, sheet: AnySubjectSheet | UnknownSubjectError) -> messages.ReturnedSheet:
    subject_code, term = place
    empty = messages.ReturnedSheet(subject_code=subject_code, term=term)
    if isinstance(sheet, UnknownSubjectError):
        return replace(empty, problems=(f"Chương trình của lớp không có môn học mang mã {subject_code}.",))
    try:
        return replace(empty, xml=class_record_xml.data_xml(sheet).decode())
    except class_record_xml.UnwritableValue as error:
        return replace(empty, problems=tuple(error.problems))


def _report_in(body: bytes) -> messages.ReportedResults | messages.ReportedPrimaryResults:
    """Raises MessageError."""
    if messages.claimed_type(body) == messages.type_of(messages.ReportedPrimaryResults):
        return messages.from_bytes(messages.ReportedPrimaryResults, body)
    return messages.from_bytes(messages.ReportedResults, body)


def _place_of(report: messages.ReportedResults | messages.ReportedPrimaryResults) -> Place:
    return (report.school, report.school_year, report.class_name, report.subject_code, report.term)


def _sender(request: HttpRequest) -> str:
    sender: str = request.sender  # type: ignore[attr-defined]
    return sender
