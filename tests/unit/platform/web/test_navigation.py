from __future__ import annotations

from django.http import HttpRequest
from django.template import Context, Template
from django.urls import ResolverMatch


def item(here: str, arguments: str) -> str:
    request = HttpRequest()
    request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name=here)
    template = Template("{% load navigation %}{% menu_item " + arguments + " %}")
    return template.render(Context({"request": request}))


class TestMenuItem:
    def test_marks_the_page_one_is_on(self) -> None:
        assert item("account_login", "'account_login' 'Đăng nhập'") == (
            '<a href="/dang-nhap" aria-current="page">Đăng nhập</a>'
        )

    def test_marks_the_entry_whose_inner_page_one_is_on(self) -> None:
        assert "aria-current" in item("account_logout", "'account_login' 'Đăng nhập' 'account_logout ready'")

    def test_leaves_other_entries_alone(self) -> None:
        assert "aria-current" not in item("ready", "'account_login' 'Đăng nhập'")
