"""App configuration."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class TrustSourcesConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.city.trust_sources"
    label = "city_trust_sources"

    def ready(self) -> None:
        """Register the jobs: every process of the side must know them."""
        import_module(f"{self.name}.jobs")
