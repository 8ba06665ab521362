"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users and their memberships."""

    name = "hocba.platform.accounts"
    label = "platform_accounts"
