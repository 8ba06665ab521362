"""App configuration."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class GradebookConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.tracking.gradebook"
    label = "tracking_gradebook"

    def ready(self) -> None:
        """Register what handles the answers of the sector side."""
        import_module("hocba.tracking.gradebook.reporting")
