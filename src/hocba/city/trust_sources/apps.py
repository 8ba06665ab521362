"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class TrustSourcesConfig(AppConfig):
    """See the README beside this file."""

    name = "hocba.city.trust_sources"
    label = "city_trust_sources"
