"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class RosterConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.tracking.roster"
    label = "tracking_roster"
