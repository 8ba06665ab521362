"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.city.registration"
    label = "city_registration"
