"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Owns no table; holds the scope, the model base and the database protection."""

    name = "hocba.platform.tenancy"
    label = "platform_tenancy"
