"""Settings that production must give itself."""

from __future__ import annotations

import pytest

from hocba.sites import base, environment


class TestLogOrigin:
    @pytest.fixture(autouse=True)
    def _production(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOCBA_PRODUCTION", "True")
        monkeypatch.delenv("HOCBA_LOG_ORIGIN", raising=False)

    def test_must_be_given_in_production(self) -> None:
        with pytest.raises(environment.SettingError, match="HOCBA_LOG_ORIGIN"):
            environment.log_origin("city")

    def test_cannot_be_that_of_the_demo_in_production(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOCBA_LOG_ORIGIN", environment.DEMO_LOG_ORIGIN)

        with pytest.raises(environment.SettingError, match="own"):
            environment.log_origin("city")

    def test_is_what_was_given(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOCBA_LOG_ORIGIN", "hcm.edu.vn/so-dang-bo")

        assert environment.log_origin("city") == "hcm.edu.vn/so-dang-bo"

    def test_concerns_the_city_alone(self) -> None:
        assert environment.log_origin("portal") == environment.DEMO_LOG_ORIGIN


class TestTrustedProxies:
    def test_are_one_in_production_and_none_elsewhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("HOCBA_TRUSTED_PROXIES", raising=False)
        monkeypatch.delenv("HOCBA_PRODUCTION", raising=False)
        assert environment.trusted_proxies() == 0

        monkeypatch.setenv("HOCBA_PRODUCTION", "True")
        assert environment.trusted_proxies() == 1

    @pytest.mark.parametrize("value", ["-1", "10", "a", ""])
    def test_are_a_small_number(self, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOCBA_TRUSTED_PROXIES", value)

        with pytest.raises(environment.SettingError, match="HOCBA_TRUSTED_PROXIES"):
            environment.trusted_proxies()


class TestTimestampAuthorities:
    @pytest.fixture(autouse=True)
    def _production(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOCBA_PRODUCTION", "True")
        monkeypatch.delenv("HOCBA_TSA_URL", raising=False)

    def test_must_be_named_for_the_city_in_production(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(environment.SettingError, match="HOCBA_TSA_URL"):
            environment.timestamp_authorities("city")
        assert environment.timestamp_authorities("portal") is None
        monkeypatch.setenv("HOCBA_PRODUCTION", "False")
        assert environment.timestamp_authorities("city") is None

    @pytest.mark.parametrize(
        ("value", "found"), [("none", None), ("https://a/ https://b/", "https://a/ https://b/")]
    )
    def test_are_what_was_given_or_none_in_so_many_words(
        self, value: str, found: str | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOCBA_TSA_URL", value)
        assert environment.timestamp_authorities("city") == found


class TestHours:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("HOCBA_REVOCATION_GRACE_HOURS", "0"),
            ("HOCBA_REVOCATION_GRACE_HOURS", "73"),
            ("HOCBA_STAMP_STOP_HOURS", "0"),
            ("HOCBA_STAMP_STOP_HOURS", "169"),
        ],
    )
    def test_of_grace_and_stop_have_bounds(
        self, name: str, value: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(name, value)
        with pytest.raises(environment.SettingError, match=name):
            base.settings(side="city", apps=[], urls="", roles="")
