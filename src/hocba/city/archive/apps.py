"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.city.archive"
    label = "city_archive"
