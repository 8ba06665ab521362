"""What this side believes, from the copies: built once per process and school, again when a copy is newer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from hocba.exchange import messages
from hocba.signing import trust
from hocba.signing.approvals import ApprovalRegister, read_register
from hocba.transcripts.roster import queries
from hocba.transcripts.roster.files_of_trust import files_of_bundle

if TYPE_CHECKING:
    from hocba.signing.trust import TrustMaterial

_MOST_SCHOOLS = 4096

_lock = Lock()


@dataclass(slots=True)
class _Cache:
    """The authorities of one bundle, with their caches, shared by all schools."""

    bundle: int = -1
    authorities: TrustMaterial | None = None
    schools: dict[str, tuple[int, TrustMaterial]] | None = None


_cache = _Cache()


def material(school_code: str) -> TrustMaterial:
    """Authorities, revocation lists, and the approved certificates of one school."""
    bundle = queries.newest_bundle_id()
    register, _ = queries.newest_register(school_code)
    with _lock:
        if _cache.bundle != bundle or _cache.authorities is None or _cache.schools is None:
            _cache.bundle, _cache.authorities, _cache.schools = bundle, _load(bundle), {}
        known = _cache.schools.get(school_code)
        if known is None or known[0] != register:
            if len(_cache.schools) >= _MOST_SCHOOLS:
                _cache.schools.clear()
            approved = [read_register(queries.register_content(register))] if register else []
            known = (register, replace(_cache.authorities, approvals=ApprovalRegister(approved)))
            _cache.schools[school_code] = known
        return known[1]


def forget() -> None:
    """Drop what was built, e.g. when the database behind it is another one."""
    with _lock:
        _cache.bundle, _cache.authorities, _cache.schools = -1, None, None


def _load(bundle: int) -> TrustMaterial:
    if not bundle:
        return trust.load({})
    message = messages.from_bytes(messages.TrustBundle, queries.bundle_content(bundle))
    return trust.load(files_of_bundle(message))
