"""Noticing that an authority took back a certificate which the Sở had approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hocba.city.schools import queries, trust
from hocba.city.schools.models import AuthorityRevocation
from hocba.city.schools.versions import announce
from hocba.platform.audit import actions as audit
from hocba.signing import certificates

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography import x509


@transaction.atomic
def notice_revocations(*, by: str, at: datetime) -> int:
    """Write down every certificate whose approval counts and its authority has revoked meanwhile; how many are new.

    Verification and desks heed the lists themselves, at once; this is what the officer is told, who then withdraws
    the approval.
    """
    rows = queries.list_counting(at=at).filter(authority_revocation=None).defer(None).order_by("id")
    found = [
        AuthorityRevocation(certificate=row, revoked_at=revoked_at, noticed_at=at)
        for row in rows.iterator(chunk_size=500)
        if (revoked_at := revoked_at_of(certificates.load(bytes(row.der)), at=at)) is not None
    ]
    AuthorityRevocation.objects.bulk_create(found, ignore_conflicts=True)
    for each in found:
        audit.record(
            tag="schools:certificate:revoked_by_authority",
            target=f"certificate:{each.certificate.sha256}",
            by=by,
            at=at,
            school_code=each.certificate.school_code,
            details={"revoked_at": each.revoked_at.isoformat()},
        )
    for school_code in sorted({each.certificate.school_code for each in found}):
        announce("declarations", school_code, at=at)
    return len(found)


def revoked_at_of(certificate: x509.Certificate, *, at: datetime) -> datetime | None:
    """When its authority revoked a certificate, as far as the lists and answers at hand say."""
    material = trust.material()
    found = [
        listing.revoked_at
        for issuer in material.chains.issuers_of(certificate)
        for listing in material.revocation_lists.listings(certificate, issuer)
        if listing.revoked_at is not None and listing.revoked_at <= at
    ]
    return min(found, default=None)
