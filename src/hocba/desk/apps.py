"""App configuration."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.desk"
    label = "desk"

    def ready(self) -> None:
        """Read the settings once, so that a mistake in them stops the process and no signer."""
        import_module(f"{self.name}.starting").check_settings()
