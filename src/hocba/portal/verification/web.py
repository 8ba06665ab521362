"""The public pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from hocba.platform.accounts.guards import public
from hocba.portal.verification import actions, evidence, presenting, published, sandbox, sheets
from hocba.portal.verification.forms import CodeForm, FileForm
from hocba.portal.verification.uploads import InMemoryFiles

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

FORM = "portal_verification/form.html"
SHEET_EXPIRED = "Kết quả đã quá một giờ nên không in được nữa. Hãy kiểm tra lại tệp."
OFFER_EXPIRED = "Đã quá một giờ từ khi kiểm tra tệp. Hãy kiểm tra lại tệp rồi tải hồ sơ bằng chứng."
NO_EVIDENCE_YET = (
    "Sở chưa lập xong hồ sơ bằng chứng của học bạ này, thường mất vài phút sau khi tiếp nhận. Hãy kiểm tra lại tệp và "
    "tải hồ sơ sau."
)
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
        return _said(request, SHEET_EXPIRED, status=410)
    kind = kind if kind in sheets.FORMATS else "pdf"
    try:
        with sandbox.turn():
            content = sheets.made(found, kind)
    except sandbox.BusyError:
        return _busy(request, code=None)
    return _saved(content, f"ket-qua-kiem-tra.{kind}", sheets.FORMATS[kind])


@public
@csrf_exempt  # as above; what comes back is signed by us
@require_POST
def evidence_bundle(request: HttpRequest) -> HttpResponse:
    """The evidence of the transcript whose file was just checked, fetched from the city for as long as it is wanted."""
    try:
        offer = evidence.opened(request.POST.get("ho_so", ""))
    except evidence.OfferExpiredError:
        return _said(request, OFFER_EXPIRED, status=410)
    try:
        with sandbox.turn():
            content = evidence.fetched(offer, at=timezone.now())
    except sandbox.BusyError:
        return _busy(request, code=None)
    except published.CityUnreachableError:
        answer = _said(request, actions.NO_ANSWER, status=503)
        answer.headers["Retry-After"] = "60"
        return answer
    if content is None:
        return _said(request, NO_EVIDENCE_YET, status=404)
    return _saved(content, offer.file_name, "application/zip")


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


def _saved(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to be kept by who asked for it, and by nobody in between."""
    answer = HttpResponse(content, content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _said(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    """The form again, with why there is nothing else."""
    return render(request, FORM, {"form": FileForm(), "busy": sentence}, status=status)


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
