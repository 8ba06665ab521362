"""App configuration."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PreservationConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.city.preservation"
    label = "city_preservation"

    def ready(self) -> None:
        """Register the jobs, and read the settings: the digest is needed only years later, in the middle of a night."""
        import_module(f"{self.name}.jobs")
        import_module(f"{self.name}.renewing").next_digest()
