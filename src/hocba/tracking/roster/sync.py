"""Asks other sides for the roster and the approved certificates, and takes over what they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.utils import timezone

from hocba.exchange import messages
from hocba.exchange.problems import sentences_of
from hocba.platform.messages import client, feeds, ports
from hocba.platform.tenancy import scope
from hocba.tracking.roster import accounts, actions, queries

if TYPE_CHECKING:
    from datetime import datetime

FEED = "certificates"
BUNDLE = "trust bundle"
"""In that feed every other name is a school's code, in which there is no blank."""


class SyncError(Exception):
    """The other side has no answer for us; the message says what it said, `status` how (HTTP)."""

    def __init__(self, message: str, *, status: int) -> None:
        self.status = status
        super().__init__(message)


def sync_roster(school_code: str, school_year: str, *, by: str, at: datetime) -> bool:
    """Take over the newest roster from the sector side; whether it was news. Accounts follow it.

    Raises SyncError, client.UnreachableError, ports.SignatureRefusedError, messages.MessageError,
    actions.StaleRosterError.
    """
    query = urlencode({"school_year": school_year})
    content = fetch("sector", f"/exchange/v1/schools/{quote(school_code, safe='')}/roster?{query}")
    with scope.acting_for(school_code):
        news = actions.take_over_roster(content, by=by, at=at)
        accounts.follow_roster(school_code, by=by, at=at)
    return news


def sync_certificates(school_code: str, *, by: str, at: datetime) -> bool:
    """Take over the Sở's trust bundle and the school's approved certificates; whether anything was news.

    Raises as `sync_roster`, and signing.trust.TrustError.
    """
    try:
        news = _copy_bundle(by=by, at=at)
        return _copy_register(school_code, by=by, at=at) or news
    finally:
        # The job may have stored a newer state between our question and our writing.
        feeds.take_again(FEED, {BUNDLE, school_code})


def sync_trust(*, by: str, at: datetime) -> int:
    """Ask the Sở once what changed; take over the trust bundle and the registers of our schools that did.

    Once a day everything is taken over again, changed or not. How many had news. One school's trouble is written down
    and does not keep the others waiting. Raises as `fetch` when the Sở does not say what changed.
    """
    with scope.whole_site():
        schools = queries.schools_here()
    if not schools:
        return 0
    return feeds.follow(
        FEED,
        ask=_changes_after,
        take=lambda name: (
            _copy_bundle(by=by, at=at) if name == BUNDLE else _copy_register(name, by=by, at=at)
        ),
        mine={BUNDLE, *schools},
        troubles=(SyncError, client.UnreachableError, ports.SignatureRefusedError, ValueError),
        today=timezone.localdate(at),
    )


def _changes_after(mark: int) -> feeds.Listed:
    content = fetch("city", f"/exchange/v1/certificate-changes?since={mark}")
    found = messages.from_bytes(messages.CertificateChanges, content)
    versions = {each.school: each.version for each in found.registers}
    if found.bundle is not None:
        versions[BUNDLE] = found.bundle
    return feeds.Listed(version=found.version, versions=versions)


def _copy_bundle(*, by: str, at: datetime) -> bool:
    bundle = fetch("city", "/exchange/v1/trust")
    with scope.whole_site():
        return actions.take_over_trust(bundle, by=by, at=at)


def _copy_register(school_code: str, *, by: str, at: datetime) -> bool:
    register = fetch("city", f"/exchange/v1/schools/{quote(school_code, safe='')}/certificates")
    with scope.acting_for(school_code):
        return actions.take_over_certificates(school_code, register, by=by, at=at)


def fetch(side: str, path: str) -> bytes:
    """The body another side gives at an address. Raises SyncError for anything but 200.

    Signed with the time of sending: a request of the end of a long job would be refused with that of its start.
    """
    _, answer = client.exchange(side=side, method="GET", path=path, body=b"", headers={}, at=timezone.now())
    if answer.status != 200:
        sentences = sentences_of(answer.body, status=answer.status)
        raise SyncError("\n".join(sentences), status=answer.status)
    return answer.body
