"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.transcripts.records"
    label = "transcripts_records"
