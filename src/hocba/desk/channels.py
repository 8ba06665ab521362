"""Ways a signature is made, and how long a batch of each may wait for it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class Channel(StrEnum):
    """Where the key is. PROGRAM is a program that the person runs against the JSON addresses."""

    TOKEN = "token"  # noqa: S105 (a device)
    REMOTE = "remote"
    HSM = "hsm"
    OFFLINE = "offline"
    PROGRAM = "program"


TITLES = {
    Channel.TOKEN: "USB token",
    Channel.REMOTE: "Ký số từ xa",
    Channel.HSM: "Con dấu trong thiết bị HSM",
    Channel.OFFLINE: "Gói ký ngoại tuyến",
    Channel.PROGRAM: "Chương trình ký",
}

PAGE = 500
"""Items handed out at once: a batch of ten thousand is signed with the memory of one page."""
LIFE = timedelta(minutes=15)
"""How long a signer may take at the screen; a remote signing provider's authorisation lives about as long."""


PER_DOCUMENT = timedelta(seconds=1)
"""What a long list gets on top: a smart card takes half a second and more for each."""


LONGEST_OFFLINE = 30
"""Days: SigningTime is the day the list was frozen, and must not be a memory."""


def offline_days() -> int:
    """How long a package travels (setting HOCBA_OFFLINE_DAYS). Raises ImproperlyConfigured."""
    text = str(settings.HOCBA_OFFLINE_DAYS)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= LONGEST_OFFLINE):
        raise ImproperlyConfigured(
            f"HOCBA_OFFLINE_DAYS must be a number from 1 to {LONGEST_OFFLINE}, not {text!r}"
        )
    return int(text)


def life_of(channel: Channel, documents: int) -> timedelta:
    """How long a batch may wait."""
    if channel is Channel.OFFLINE:
        return timedelta(days=offline_days())
    return LIFE + PER_DOCUMENT * max(0, documents - PAGE)
