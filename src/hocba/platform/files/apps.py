"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The content-addressed store of a side."""

    name = "hocba.platform.files"
    label = "platform_files"
