"""What is looked at when a process starts, so that a mistake in the settings stops it and no signer."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hocba.channels import seal_keys
from hocba.desk import channels, remote


def check_settings() -> None:
    """Read every setting of the desk once; modules and providers are not asked. Raises ImproperlyConfigured."""
    channels.offline_days()
    try:
        seal_keys.of(settings.HOCBA_SEAL_KEYS)
    except ValueError as error:
        raise ImproperlyConfigured(f"HOCBA_SEAL_KEYS: {error}") from error
    try:
        remote.implementation()
    except ImportError as error:
        raise ImproperlyConfigured(f"HOCBA_REMOTE_SIGNING does not name what signs: {error}") from error
