"""The public pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from hocba.platform.accounts.guards import public
from hocba.portal.verification import actions, presenting, published, sandbox, sheets
from hocba.portal.verification.forms import CodeForm, FileForm
from hocba.portal.verification.uploads import InMemoryFiles

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

FORM = "portal_verification/form.html"
SHEET_EXPIRED = "Kết quả đã quá một giờ nên không in được nữa. Hãy kiểm tra lại tệp."
BUSY = "Đang có nhiều người kiểm tra cùng lúc. Hãy thử lại sau ít phút."


@public
@csrf_exempt  # nothing is changed and nobody is signed in; a page kept open for a day must still work
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The form, with what a QR code leads to; after dropping a file the verdict."""
    if request.method == "POST":
        return _verdict(request)
    sandbox.warm()
    code = _code(request.GET)
    context: dict[str, Any] = {
        "form": FileForm(),
        "code": code,
        "is_bad_code": bool(request.GET and not code),
    }
    if code:
        context["looked_up"] = _look_up(code)
    return render(request, FORM, context)


@public
@csrf_exempt  # as above; what comes back is signed by us
@require_POST
def result_sheet(request: HttpRequest) -> HttpResponse:
    """The verdict of a page on a sheet to keep; the file itself is long forgotten."""
    kind = request.POST.get("dang", "")
    try:
        found = sheets.opened(request.POST.get("ket_qua", ""))
    except sheets.SheetExpiredError:
        return render(request, FORM, {"form": FileForm(), "busy": SHEET_EXPIRED}, status=410)
    kind = kind if kind in sheets.FORMATS else "pdf"
    try:
        with sandbox.turn():
            content = sheets.made(found, kind)
    except sandbox.BusyError:
        return _busy(request, code=None)
    answer = HttpResponse(content, content_type=sheets.FORMATS[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="ket-qua-kiem-tra.{kind}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _verdict(request: HttpRequest) -> HttpResponse:
    request.upload_handlers = [InMemoryFiles(request)]
    form, code = FileForm(request.POST, request.FILES), _code(request.POST)
    if not form.is_valid():
        return render(request, FORM, {"form": form, "code": code}, status=422)
    files, now = form.cleaned_data["documents"], timezone.now()
    try:
        result = actions.check_files(tuple(file.read() for file in files), at=now)
    except sandbox.BusyError:
        return _busy(request, code=code)
    context = presenting.verdict_page(result, [file.name for file in files])
    context |= {"checked_at": now, "is_other_transcript": _is_other(code, result)}
    return render(request, "portal_verification/verdict.html", context)


def _busy(request: HttpRequest, *, code: dict[str, Any] | None) -> HttpResponse:
    answer = render(request, FORM, {"form": FileForm(), "code": code, "busy": BUSY}, status=503)
    answer.headers["Retry-After"] = "60"
    return answer


def _code(values: QueryDict) -> dict[str, Any] | None:
    """Transcript and version as a QR code gives them; None without one or with a bad one."""
    form = CodeForm(values)
    return form.cleaned_data if form.is_valid() else None


def _look_up(code: dict[str, Any]) -> dict[str, Any]:
    """What the register says of the code alone: a state, nothing about a person."""
    try:
        entry = published.registered(str(code["ma"]), code["pb"], xml=None, pdf=None, at=timezone.now())
    except published.CityUnreachableError:
        return {"status": "", "entry": None}
    return {"status": str(entry.status), "entry": entry}


def _is_other(code: dict[str, Any] | None, result: dict[str, Any]) -> bool:
    """Whether a good file is of another transcript than the code the person came by."""
    if code is None:
        return False
    found = [(file["transcript_id"], file["version"]) for file in result["files"] if file["transcript_id"]]
    return bool(found) and (str(code["ma"]), code["pb"]) not in found
