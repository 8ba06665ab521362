from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from hocba.channels import seal_keys
from hocba.desk import sealing
from hocba.desk.errors import ChannelError

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


def start() -> None:
    """What Django does when a process starts."""
    apps.get_app_config("desk").ready()


class TestCheckSettings:
    def test_is_content_with_the_settings_of_a_site_that_sets_nothing_up(self) -> None:
        start()

    @pytest.mark.parametrize(
        "content", [None, "[schools", "79764501 = 'pkcs11:'", "[schools]\n1 = 'file:x'\n"]
    )
    def test_stops_at_a_file_of_seals_that_cannot_be_used(
        self, settings: SettingsWrapper, tmp_path: Path, content: str | None
    ) -> None:
        path = tmp_path / "seal-keys.toml"
        if content is not None:
            path.write_text(content, "utf-8")
        settings.HOCBA_SEAL_KEYS = path

        with pytest.raises(ImproperlyConfigured, match="HOCBA_SEAL_KEYS"):
            start()

    @pytest.mark.parametrize("name", ["nowhere", "hocba.nowhere.Remote", "hocba.desk.remote.Nothing"])
    def test_stops_at_a_remote_service_that_is_not_there(self, settings: SettingsWrapper, name: str) -> None:
        settings.HOCBA_REMOTE_SIGNING = name

        with pytest.raises(ImproperlyConfigured, match="HOCBA_REMOTE_SIGNING"):
            start()

    def test_stops_at_days_that_are_none(self, settings: SettingsWrapper) -> None:
        settings.HOCBA_OFFLINE_DAYS = "0"

        with pytest.raises(ImproperlyConfigured, match="HOCBA_OFFLINE_DAYS"):
            start()


class TestSealOfASchool:
    def test_is_said_not_to_answer_when_its_file_went_away(
        self, settings: SettingsWrapper, tmp_path: Path
    ) -> None:
        settings.HOCBA_SEAL_KEYS = tmp_path / "gone.toml"
        seal_keys.of.cache_clear()

        with pytest.raises(ChannelError, match="không trả lời"):
            sealing.key_of("79764501")
