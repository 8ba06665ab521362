"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Outgoing and incoming messages of a side."""

    name = "hocba.platform.messages"
    label = "platform_messages"
