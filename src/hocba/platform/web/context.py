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
NOTES = {
    "sector": "Sở Giáo dục và Đào tạo",
    "tracking": "Sổ theo dõi và đánh giá học sinh của nhà trường",
    "transcripts": "Lập, ký số và phát hành học bạ của nhà trường",
    "city": "Sở Giáo dục và Đào tạo",
    "portal": "Sở Giáo dục và Đào tạo",
}


def site(request: HttpRequest) -> dict[str, object]:
    """The side's name and menu, and the actor at work."""
    side = settings.HOCBA_SIDE
    return {
        "side": side,
        "site_title": TITLES[side],
        "site_note": NOTES[side],
        # A side brings its own menu; one without sign-in brings none.
        "menu_templates": [f"menus/{side}.html", "menus/empty.html"],
        "actor": getattr(request, "actor", None),
        "is_demo": not settings.HOCBA_PRODUCTION,
    }
