"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class JointConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.desk.joint"
    label = "desk_joint"
