"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class CopiesConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.transcripts.copies"
    label = "transcripts_copies"
