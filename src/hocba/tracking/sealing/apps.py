"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class SealingConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.tracking.sealing"
    label = "tracking_sealing"
