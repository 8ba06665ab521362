"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """Public verification."""

    name = "hocba.portal.verification"
    label = "portal_verification"
