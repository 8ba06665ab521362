"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class CompletenessConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.tracking.completeness"
    label = "tracking_completeness"
