from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ImproperlyConfigured

from hocba.desk import channels
from hocba.desk.channels import Channel

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


class TestLifeOf:
    @pytest.mark.parametrize("channel", [Channel.TOKEN, Channel.HSM, Channel.REMOTE, Channel.PROGRAM])
    def test_is_a_quarter_of_an_hour_and_more_for_a_long_list(self, channel: Channel) -> None:
        assert channels.life_of(channel, channels.PAGE) == timedelta(minutes=15)
        assert channels.life_of(channel, 10_000) == timedelta(minutes=15, seconds=10_000 - channels.PAGE)

    def test_of_a_package_is_days(self, settings: SettingsWrapper) -> None:
        settings.HOCBA_OFFLINE_DAYS = "5"

        assert channels.life_of(Channel.OFFLINE, 10_000) == timedelta(days=5)

    @pytest.mark.parametrize("days", ["0", "31", "-1", "3.5", "ba", "", "³"])
    def test_fails_loudly_on_days_that_are_none(self, settings: SettingsWrapper, days: str) -> None:
        settings.HOCBA_OFFLINE_DAYS = days

        with pytest.raises(ImproperlyConfigured, match="HOCBA_OFFLINE_DAYS"):
            channels.life_of(Channel.OFFLINE, 1)
