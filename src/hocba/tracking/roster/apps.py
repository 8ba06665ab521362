"""App configuration."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RosterConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.tracking.roster"
    label = "tracking_roster"

    def ready(self) -> None:
        """Register the jobs."""
        import_module(f"{self.name}.jobs")
