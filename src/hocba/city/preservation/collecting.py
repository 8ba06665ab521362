"""Keeping with each registered document what its validation rested on, once its place in the log is stamped.

Done by the worker and in batches: registering does not wait for it. The list of material gets an entry in the log,
so that the next stamp proves its time too; many documents share a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from hocba.city.archive import actions as archiving
from hocba.city.archive import queries as archive
from hocba.city.preservation import shelf
from hocba.city.preservation.models import Material, PreservedTranscript
from hocba.city.schools import queries as schools
from hocba.exchange import messages
from hocba.exchange.preservation import evidence
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.signing import trust
from hocba.signing.evidence import relevance

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from hocba.city.archive.queries import LoggedTranscript

BATCH = 500
TAG_MATERIAL = "preservation:material:kept"
TAG_PRESERVED = "preservation:transcript:preserved"
KEPT_SUFFIXES = frozenset({".pem", ".crl", ".ors"})
"""The trust list is left out: it is the receiver's own that counts."""
REGISTER = "chung-thu-so-duoc-duyet.json"


def collect(*, by: str, at: datetime) -> int:
    """Preserve the next registered documents under a stamp, in the order of the log; gives how many.

    Opens its own scopes: an entry in the log locks it until its transaction ends, and registering waits for that.
    Running it twice at a time is the caller's to prevent.
    """
    with scope.whole_site():
        waiting = _waiting()
        schools_of = sorted({row.school_code for row in waiting})
        contents = {code: _content_for(code) for code in schools_of}
    kept = {code: _kept(code, content, by=by, at=at) for code, content in contents.items()}
    if waiting:
        with scope.whole_site():
            _preserve(waiting, kept, by=by, at=at)
    return len(waiting)


def _waiting() -> list[LoggedTranscript]:
    newest: int | None = PreservedTranscript.objects.aggregate(newest=Max("leaf_index"))["newest"]
    after = -1 if newest is None else newest
    return archive.registered_between(after, archive.newest_stamped_size(), limit=BATCH)


def _preserve(
    waiting: list[LoggedTranscript], kept: Mapping[str, Material], *, by: str, at: datetime
) -> None:
    PreservedTranscript.objects.bulk_create(
        PreservedTranscript(
            school_code=row.school_code,
            leaf_index=row.leaf_index,
            transcript_id=row.transcript_id,
            version=row.version,
            xml_digest=row.xml_digest,
            pdf_digest=row.pdf_digest,
            material=kept[row.school_code],
            at=at,
        )
        for row in waiting
    )
    for code in kept:
        targets = [f"transcript:{r.transcript_id}:{r.version}" for r in waiting if r.school_code == code]
        audit.record_all(targets=targets, tag=TAG_PRESERVED, by=by, at=at, school_code=code)


def keep_trust_files(
    signers: Collection[str] = (), issuers: Collection[bytes] | None = None
) -> tuple[tuple[str, str], ...]:
    """Authorities and revocation lists of now in the file store: name and digest of each.

    OCSP answers speak of one certificate each and are thousands: kept are those about the fingerprints of `signers`.
    With `issuers`, the names of who issued to the signers and units that matter, only files that speak of these.
    """
    found = []
    for name, digest in sorted(schools.newest_digests().items()):
        suffix = f".{name.rpartition('.')[2].lower()}"
        about = name.removesuffix(suffix).rpartition("-")[2]
        if suffix not in KEPT_SUFFIXES or (suffix == ".ors" and about not in signers):
            continue
        if not store.exists(digest):
            store.put(schools.trust_file(name) or b"")
        found.append((f"{digest[:16]}{suffix}", digest))
    kept = tuple(dict.fromkeys(found))
    return kept if issuers is None else _speaking_of(issuers, kept)


def _speaking_of(
    issuers: Collection[bytes], files: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """Lists of every public authority together are more than a bundle takes, so it gets those of its own paths."""
    named = {
        name: shelf.names_of_file(digest) for name, digest in files if not name.endswith(trust.OCSP_SUFFIX)
    }
    chosen = set(relevance.relevant(issuers, named, shelf.names_in_trust_list()))
    return tuple((name, digest) for name, digest in files if name not in named or name in chosen)


def _content_for(school_code: str) -> bytes:
    """The list of everything that a validation for the school rests on now; the files are in the store."""
    approved = schools.approved_certificates_of(school_code)
    signers = () if approved is None else {each.sha256 for each in approved.certificates}
    files = keep_trust_files(signers, _issuers_for(school_code))
    if approved is not None:
        files = (*files, (REGISTER, store.put(messages.to_bytes(approved))))
    return evidence.Material(school=school_code, files=files).to_bytes()


def _issuers_for(school_code: str) -> frozenset[bytes] | None:
    """Who issued to the school's signers and to the unit of the newest stamp; None when no signer is known."""
    of_signers = schools.issuers_of(school_code)
    newest = archive.newest_stamp()
    if not of_signers or newest is None:
        return None
    return of_signers | relevance.issuers_in(bytes(newest.token))


def _kept(school_code: str, content: bytes, *, by: str, at: datetime) -> Material:
    """The row of that list, with its entry in the log when it is a new one."""
    digest = store.put(content)
    with scope.whole_site():
        known: Material | None = Material.objects.filter(school_code=school_code, digest=digest).first()
        if known is not None:
            return known
        place = archiving.append_event(
            evidence.material_leaf(school=school_code, material=content),
            tag=TAG_MATERIAL,
            target=f"material:{digest}",
            by=by,
            at=at,
            school_code=school_code,
        )
        row: Material = Material.objects.create(
            school_code=school_code, digest=digest, leaf_index=place, at=at
        )
        return row
