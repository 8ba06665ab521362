from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ImproperlyConfigured

from hocba.desk.errors import ChannelError
from hocba.desk.remote_sessions import providers

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@pytest.fixture
def path(settings: SettingsWrapper, tmp_path: Path) -> Path:
    """The file that the setting names, with one provider on this machine."""
    secret, path = tmp_path / "secret", tmp_path / "providers.toml"
    secret.write_text("kín", "utf-8")
    path.write_text(
        '[providers.mot]\ntitle = "Một"\nbase_url = "http://127.0.0.1:1/csc/v2"\n'
        f'oauth_url = "http://127.0.0.1:1/oauth2"\nclient_id = "hocba"\nclient_secret_file = "{secret}"\n',
        "utf-8",
    )
    settings.HOCBA_REMOTE_PROVIDERS = path
    return path


class TestCallers:
    def test_are_none_where_nothing_is_set_up(self, settings: SettingsWrapper) -> None:
        settings.HOCBA_REMOTE_PROVIDERS = None

        assert providers.callers() == {}

    def test_are_those_of_the_file(self, path: Path) -> None:
        assert providers.caller("mot").profile.title == "Một"

    def test_are_not_somebody_elses(self, path: Path) -> None:
        with pytest.raises(ChannelError, match="không được thiết lập"):
            providers.caller("hai")


class TestCheck:
    def test_stops_at_a_file_that_cannot_be_used(self, path: Path) -> None:
        path.write_text("[providers.mot]\ntitle = 1\n", "utf-8")

        with pytest.raises(ImproperlyConfigured, match=r"base_url is missing(.|\n)*title must be a text"):
            providers.check()

    def test_stops_at_loopback_in_production(self, path: Path, settings: SettingsWrapper) -> None:
        settings.HOCBA_PRODUCTION = True

        with pytest.raises(ImproperlyConfigured, match="https"):
            providers.check()
