"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig

from hocba.desk import channels


class DeskConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.desk"
    label = "desk"

    def ready(self) -> None:
        """Read the settings once, so that a mistake in them stops the process and no signer."""
        channels.offline_days()
