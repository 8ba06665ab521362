"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit trail of a side."""

    name = "hocba.platform.audit"
    label = "platform_audit"
