"""App configuration."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class HandoverConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.tracking.handover"
    label = "tracking_handover"

    def ready(self) -> None:
        """Register what follows a sealing, and what handles the answers."""
        import_module("hocba.tracking.handover.actions")
