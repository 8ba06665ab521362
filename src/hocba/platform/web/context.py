"""What every template may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest

TITLES = {
    "sector": "Cơ sở dữ liệu ngành",
    "tracking": "Theo dõi và đánh giá học sinh",
    "transcripts": "Học bạ số",
    "city": "Kho học bạ số thành phố",
    "portal": "Cổng xác thực học bạ số",
}


def site(request: HttpRequest) -> dict[str, object]:
    """The side's name and the actor at work."""
    return {
        "side": settings.HOCBA_SIDE,
        "site_title": TITLES[settings.HOCBA_SIDE],
        "actor": getattr(request, "actor", None),
        "is_demo": not settings.HOCBA_PRODUCTION,
    }
