"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.sector.enrolment"
    label = "sector_enrolment"
