"""The providers of this site, from the file that the setting HOCBA_REMOTE_PROVIDERS names."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hocba.channels.csc import profiles
from hocba.channels.csc.errors import ProfileError
from hocba.channels.csc.transport import Caller
from hocba.desk.errors import ChannelError


def check() -> None:
    """Raise ImproperlyConfigured with everything that is wrong with the file."""
    try:
        callers()
    except ProfileError as error:
        raise ImproperlyConfigured(f"HOCBA_REMOTE_PROVIDERS:\n{error}") from error


def callers() -> dict[str, Caller]:
    """All providers by id; none where the setting is empty."""
    path = settings.HOCBA_REMOTE_PROVIDERS
    return _load(Path(path), production=settings.HOCBA_PRODUCTION) if path else {}


def caller(provider: str) -> Caller:
    """One of them. Raises ChannelError."""
    found = callers().get(provider)
    if found is None:
        raise ChannelError("Nhà cung cấp dịch vụ ký số từ xa này không được thiết lập ở đây.")
    return found


@cache
def _load(path: Path, *, production: bool) -> dict[str, Caller]:
    return {name: Caller(profile) for name, profile in profiles.load(path, production=production).items()}
