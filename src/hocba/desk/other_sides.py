"""What both school sides ask of other sides: bodies at addresses, and what the Sở trusts, followed as it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.utils import timezone

from hocba.exchange import messages
from hocba.exchange.problems import sentences_of
from hocba.platform.messages import client, feeds, ports

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

FEED = "certificates"
BUNDLE = "trust bundle"
"""In that feed every other name is a school's code, in which there is no blank."""


class SyncError(Exception):
    """The other side has no answer for us; the message says what it said."""


TROUBLES = (SyncError, client.UnreachableError, ports.SignatureRefusedError, ValueError)
"""What asking another side, and taking over what it says, may raise: what is malformed is a ValueError everywhere."""


def fetch(side: str, path: str) -> bytes:
    """The body another side gives at an address. Raises SyncError for anything but 200, and what the client raises.

    Signed with the time of sending: a request of the end of a long job would be refused with that of its start.
    """
    _, answer = client.exchange(side=side, method="GET", path=path, body=b"", headers={}, at=timezone.now())
    if answer.status != 200:
        raise SyncError("\n".join(sentences_of(answer.body, status=answer.status)))
    return answer.body


def of_school(school_code: str, *parts: str) -> str:
    """The address of something that a side has of a school."""
    return "/".join(("/exchange/v1/schools", *(quote(part, safe="") for part in (school_code, *parts))))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustCopies:
    """How a side copies the Sở's trust bundle, and what the Sở says of one school; each says whether it was news."""

    bundle: Callable[[], bool]
    register: Callable[[str], bool]

    def copy(self, school_code: str) -> bool:
        """Copy now what one school needs. Raises as the two do."""
        try:
            news = self.bundle()
            return self.register(school_code) or news
        finally:
            # Who follows may have stored a newer state between our question and our writing.
            feeds.take_again(FEED, {BUNDLE, school_code})

    def follow(self, schools: Collection[str], *, at: datetime) -> int:
        """Ask the Sở once what changed and copy it, the bundle and the registers of these schools; how many had news.

        Once a day everything is copied again, changed or not. One school's trouble is written down and does not keep
        the others waiting. Raises as `fetch` when the Sở does not say what changed.
        """
        if not schools:
            return 0
        return feeds.follow(
            FEED,
            ask=_changes_after,
            take=lambda name: self.bundle() if name == BUNDLE else self.register(name),
            mine={BUNDLE, *schools},
            troubles=TROUBLES,
            today=timezone.localdate(at),
        )


def _changes_after(mark: int) -> feeds.Listed:
    content = fetch("city", f"/exchange/v1/certificate-changes?since={mark}")
    found = messages.from_bytes(messages.CertificateChanges, content)
    versions = {each.school: each.version for each in found.registers}
    if found.bundle is not None:
        versions[BUNDLE] = found.bundle
    return feeds.Listed(version=found.version, versions=versions)
