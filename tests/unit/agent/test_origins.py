from __future__ import annotations

import pytest

from hocba_agent import origins


class TestIsAcceptable:
    @pytest.mark.parametrize(
        "origin",
        ["https://hocba.truong.example", "https://a:8443", "https://xn--hc-example.vn", "https://[2001:db8::1]",
         "http://127.0.0.1:8103", "http://localhost", "http://[::1]:8103"],
    )  # fmt: skip
    def test_takes_https_and_this_machine(self, origin: str) -> None:
        assert origins.is_acceptable(origin)

    @pytest.mark.parametrize(
        "origin",
        [None, "", "null", "http://a.example", "http://127.0.0.1.evil.example", "http://localhost.evil.example",
         "https://", "https://a/", "https://a/b", "https://u@a", "https://a:0", "https://a:99999", "https://a:",
         "HTTPS://a", "https://a,https://b", "https://a https://b", "chrome-extension://abc", "https://a\nb",
         "https://học.example", "https://" + "a" * 300],
    )  # fmt: skip
    def test_takes_nothing_else(self, origin: str | None) -> None:
        assert not origins.is_acceptable(origin)


class TestShown:
    def test_names_the_host_and_says_http_where_it_is(self) -> None:
        assert origins.shown("https://hocba.example:8443") == "hocba.example:8443"
        assert origins.shown("http://localhost:8103") == "http://localhost:8103"
