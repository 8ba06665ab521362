"""Asks other sides for the roster, the approved certificates and the trust bundle, and takes them over."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from hocba.desk import other_sides
from hocba.desk.other_sides import fetch, of_school
from hocba.platform.tenancy import scope
from hocba.transcripts.roster import accounts, actions, queries

if TYPE_CHECKING:
    from datetime import datetime


def sync_roster(school_code: str, school_year: str, *, by: str, at: datetime) -> bool:
    """Take over the newest roster from the sector side; whether it was news. Accounts follow it.

    Raises other_sides.TROUBLES, actions.StaleRosterError.
    """
    query = urlencode({"school_year": school_year})
    content = fetch("sector", f"{of_school(school_code, 'roster')}?{query}")
    with scope.acting_for(school_code):
        news = actions.take_over_roster(content, by=by, at=at)
        accounts.follow_roster(school_code, by=by, at=at)
    return news


def sync_certificates(school_code: str, *, by: str, at: datetime) -> bool:
    """Take over the Sở's trust bundle, the school's approved certificates and what became of those it declared.

    Whether anything was news. Raises other_sides.TROUBLES.
    """
    return _copies(by=by, at=at).copy(school_code)


def sync_trust(*, by: str, at: datetime) -> int:
    """Take over what changed at the Sở, for every school here; how many had news. As `TrustCopies.follow`."""
    with scope.whole_site():
        schools = queries.schools_here()
    return _copies(by=by, at=at).follow(schools, at=at)


def _copies(*, by: str, at: datetime) -> other_sides.TrustCopies:
    def bundle() -> bool:
        content = fetch("city", "/exchange/v1/trust")
        with scope.whole_site():
            return actions.take_over_trust(content, by=by, at=at)

    def register(school_code: str) -> bool:
        approved = fetch("city", of_school(school_code, "certificates"))
        declared = fetch("city", of_school(school_code, "declared-certificates"))
        with scope.acting_for(school_code):
            news = actions.take_over_declared(school_code, declared, at=at)
            return actions.take_over_certificates(school_code, approved, by=by, at=at) or news

    return other_sides.TrustCopies(bundle=bundle, register=register)
