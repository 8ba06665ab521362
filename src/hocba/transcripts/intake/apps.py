"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.transcripts.intake"
    label = "transcripts_intake"
