"""What this side believes, from its copies of the Sở's bundle and of a school's approved certificates."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hocba.exchange.known_trust import Copy, KnownTrust
from hocba.transcripts.roster import queries

if TYPE_CHECKING:
    from hocba.signing.trust import TrustMaterial

_known = KnownTrust()


def material(school_code: str) -> TrustMaterial:
    """Authorities, revocation lists, and the approved certificates of one school."""
    bundle = queries.newest_bundle_id()
    register, _ = queries.newest_register(school_code)
    return _known.material(
        school_code,
        bundle=Copy(bundle, partial(queries.bundle_content, bundle)),
        register=Copy(register, partial(queries.register_content, register)),
    )


def forget() -> None:
    """Drop what was built, e.g. when the database behind it is another one."""
    _known.forget()
