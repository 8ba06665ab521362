"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.sector.assignments"
    label = "sector_assignments"
