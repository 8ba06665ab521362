"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.sector.results"
    label = "sector_results"
