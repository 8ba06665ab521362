"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates and static files of the house."""

    name = "hocba.platform.web"
    label = "platform_web"
