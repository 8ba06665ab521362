"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.sector.directory"
    label = "sector_directory"
