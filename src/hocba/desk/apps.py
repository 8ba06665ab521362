"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.desk"
    label = "desk"
