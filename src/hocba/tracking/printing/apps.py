"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class PrintingConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.tracking.printing"
    label = "tracking_printing"
