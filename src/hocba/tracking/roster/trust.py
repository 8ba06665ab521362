"""What this side believes, from its copies of the Sở's bundle and of a school's approved certificates."""

from __future__ import annotations

from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING

from django.conf import settings

from hocba.exchange.known_trust import Copy, KnownTrust
from hocba.signing.trust_list import rules_for
from hocba.tracking.roster import queries

if TYPE_CHECKING:
    from hocba.signing.trust import TrustMaterial


@cache
def _known() -> KnownTrust:
    return KnownTrust(
        rules=rules_for(production=settings.HOCBA_PRODUCTION),
        grace=timedelta(hours=settings.HOCBA_REVOCATION_GRACE_HOURS),
    )


def material(school_code: str) -> TrustMaterial:
    """Authorities, revocation lists, and the approved certificates of one school."""
    bundle, register = queries.newest_copies(school_code)
    return _known().material(
        school_code,
        bundle=Copy(bundle, partial(queries.bundle_content, bundle)),
        register=Copy(register, partial(queries.register_content, register)),
    )


def forget() -> None:
    """Drop what was built, e.g. when the database behind it is another one."""
    _known.cache_clear()
