"""Error pages in plain Vietnamese; machines get RFC 9457 problems. No traceback reaches a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest

TEXTS = {
    400: ("Yêu cầu không hợp lệ", "Hãy quay lại trang trước và thử lại."),
    403: (
        "Bạn không có quyền xem trang này",
        "Vai trò của bạn không bao gồm nội dung này. Nếu công việc cần đến, hãy đề nghị lãnh đạo đơn vị giao quyền.",
    ),
    404: ("Không tìm thấy trang", "Địa chỉ không đúng, hoặc nội dung không thuộc đơn vị của bạn."),
    500: ("Hệ thống gặp sự cố", "Dữ liệu đã lưu không bị mất. Hãy thử lại sau ít phút."),
}


def _page(request: HttpRequest, status: int) -> HttpResponse:
    title, advice = TEXTS[status]
    if request.path.startswith(("/api/", "/exchange/")):
        return JsonResponse(
            {"title": title, "status": status, "detail": advice},
            status=status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    return render(
        request, "web/error.html", {"title": title, "advice": advice, "status": status}, status=status
    )


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Malformed request."""
    return _page(request, 400)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No permission."""
    return _page(request, 403)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page."""
    return _page(request, 404)


def handler500(request: HttpRequest) -> HttpResponse:
    """Our fault; the page must not need the database, nor a template that may be what failed."""
    title, advice = TEXTS[500]
    return HttpResponse(
        "<!doctype html><html lang=vi><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<title>{title}</title><link rel=stylesheet href='{settings.STATIC_URL}web/house.css'>"
        f"<main class='page error-page'><p class=error-number aria-hidden=true>500</p><h1>{title}</h1>"
        f"<p class=lead>{advice}</p><p><a class='button button-main' href='/'>Về trang đầu</a></p></main></html>",
        status=500,
    )
