"""App configuration."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class IssuingConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.transcripts.issuing"
    label = "transcripts_issuing"

    def ready(self) -> None:
        """Register jobs and handlers of answers: every process of the side must know them."""
        for module in ("jobs", "sending"):
            import_module(f"{self.name}.{module}")
