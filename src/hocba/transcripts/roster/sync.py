"""Asks other sides for the roster, the approved certificates and the trust bundle, and takes them over."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.utils import timezone

from hocba.exchange.problems import sentences_of
from hocba.platform.messages import client, ports
from hocba.platform.tenancy import scope
from hocba.transcripts.roster import accounts, actions, queries

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)


class SyncError(Exception):
    """The other side has no answer for us; the message says what it said."""


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
    """Take over the Sở's trust bundle and the school's approved certificates; whether anything was news."""
    bundle = fetch("city", "/exchange/v1/trust")
    register = fetch("city", f"/exchange/v1/schools/{quote(school_code, safe='')}/certificates")
    with scope.acting_for(school_code):
        news = actions.take_over_trust(bundle, by=by, at=at)
        return actions.take_over_certificates(school_code, register, by=by, at=at) or news


def sync_trust(*, by: str, at: datetime) -> int:
    """Take over the trust bundle once, and the register of every school that has one; how many had news.

    One school's trouble is written down and does not keep the others waiting. Raises as `fetch` for the bundle.
    """
    with scope.whole_site():
        schools = queries.schools_with_register()
    if not schools:
        return 0
    bundle = fetch("city", "/exchange/v1/trust")
    with scope.whole_site():
        count = int(actions.take_over_trust(bundle, by=by, at=at))
    for school_code in schools:
        try:
            register = fetch("city", f"/exchange/v1/schools/{quote(school_code, safe='')}/certificates")
            with scope.acting_for(school_code):
                count += actions.take_over_certificates(school_code, register, by=by, at=at)
        except (SyncError, client.UnreachableError, ports.SignatureRefusedError, ValueError) as error:
            logger.warning("approved certificates of %s not copied: %s", school_code, error)
    return count


def fetch(side: str, path: str) -> bytes:
    """The body another side gives at an address. Raises SyncError for anything but 200.

    Signed with the time of sending: a request of the end of a long job would be refused with that of its start.
    """
    _, answer = client.exchange(side=side, method="GET", path=path, body=b"", headers={}, at=timezone.now())
    if answer.status != 200:
        raise SyncError("\n".join(sentences_of(answer.body, status=answer.status)))
    return answer.body
