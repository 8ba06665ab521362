"""App configuration."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.city.archive"
    label = "city_archive"

    def ready(self) -> None:
        """Register the jobs."""
        import_module(f"{self.name}.jobs")
