"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.city.schools"
    label = "city_schools"
