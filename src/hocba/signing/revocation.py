"""Whether a certificate was revoked, as certificate revocation lists say it (RFC 5280 section 5 and 6.3).

A list counts only when the very authority that issued the certificate signed it, it covers this kind of
certificate, and it is not stale at the moment of verification. No list means not checked, never "not
revoked".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from hocba.signing import certificates
from hocba.signing.checks import Check, Code, failed, not_checked, passed
from hocba.signing.instants import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from hocba.signing.chains import Path

NAME = "revocation"
LARGEST_REVOCATION_LIST = 32 * 1024 * 1024
"""Bytes of a list that is fetched, kept and read; the lists of the large public authorities have a few million."""
MOST_REMEMBERED = 4096
NO_GRACE = timedelta()
_NOT_REVOKED = passed(NAME, "Chứng thư số không bị thu hồi.")


@dataclass(frozen=True, slots=True)
class Listing:
    """What one usable list says about one certificate; `revoked_at` is None when it is not on the list."""

    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None


class Source(Protocol):
    """Another source that speaks of single certificates, as OCSP answers do."""

    def __bool__(self) -> bool:
        """Whether it holds anything."""

    def listings(self, certificate: x509.Certificate, issuer: x509.Certificate) -> tuple[Listing, ...]:
        """What it says about the certificate that `issuer` issued."""


class RevocationLists:
    """A fixed set of lists and answers, asked about many certificates; what they say is remembered."""

    def __init__(
        self, lists: Iterable[x509.CertificateRevocationList], further: Iterable[Source] = ()
    ) -> None:
        self._further = tuple(further)
        self._lists: dict[bytes, list[x509.CertificateRevocationList]] = {}
        for item in lists:
            self._lists.setdefault(item.issuer.public_bytes(), []).append(item)
        self._verified: dict[tuple[bytes, str], bool] = {}
        self._revoked: dict[int, dict[int, datetime]] = {}
        self._remembered: dict[tuple[str, str], tuple[Listing, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self._lists) or any(self._further)

    def listings(self, certificate: x509.Certificate, issuer: x509.Certificate) -> tuple[Listing, ...]:
        """What every list signed by `issuer` and meant for `certificate` says about it."""
        key = (certificates.fingerprint(certificate), certificates.fingerprint(issuer))
        if key not in self._remembered:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.pop(next(iter(self._remembered)))
            self._remembered[key] = (
                *self._listed(certificate, issuer),
                *(found for source in self._further for found in source.listings(certificate, issuer)),
            )
        return self._remembered[key]

    def _listed(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Iterator[Listing]:
        for item in self._lists.get(certificate.issuer.public_bytes(), ()):
            try:
                if _covers(item, certificate) and self._signed_by(item, issuer):
                    yield self._listing(item, certificate)
            except certificates.UNREADABLE:
                continue  # a list with an entry that cannot be read says nothing

    def fresh_until(self, issuer: x509.Certificate) -> datetime | None:
        """Until when the newest list of an authority counts; None without one."""
        ends = [
            item.next_update_utc
            for item in self._lists.get(issuer.subject.public_bytes(), ())
            if item.next_update_utc is not None and self._signed_by(item, issuer)
        ]
        return max(ends, default=None)

    def _listing(self, item: x509.CertificateRevocationList, certificate: x509.Certificate) -> Listing:
        """Lists of public authorities have tens of thousands of entries: they are read once, not once a question."""
        revoked = self._revoked.get(id(item))
        if revoked is None:
            revoked = {entry.serial_number: entry.revocation_date_utc for entry in item}
            self._revoked[id(item)] = revoked
        return Listing(
            this_update=item.last_update_utc,
            next_update=item.next_update_utc,
            revoked_at=revoked.get(certificate.serial_number),
        )

    def _signed_by(self, item: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
        key = (item.fingerprint(hashes.SHA256()), certificates.fingerprint(issuer))
        if key not in self._verified:
            self._verified[key] = is_signed_by(item, issuer)
        return self._verified[key]


def check_path(
    path: Path,
    lists: RevocationLists,
    *,
    at: datetime,
    now: datetime,
    existed_at: datetime | None,
    grace: timedelta = NO_GRACE,
) -> Check:
    """Revocation of every certificate of the path but the anchor, at signing time `at`, judged at `now`.

    `existed_at` is the earliest moment for which there is proof, other than the signer's word, that the
    signature existed (a time stamp, a receipt of the register), or None; a list that was fresh then is fresh enough
    (ETSI EN 319 102-1 5.6.2.2: the control time), so that lists kept as evidence count for ever. `grace` lets a list
    be that much too old: for desks that go on signing while an authority cannot be reached, never for verification.
    """
    fresh_at = (now if existed_at is None else min(existed_at, now)) - grace
    findings = [
        _check_one(
            certificate,
            lists.listings(certificate, issuer),
            at=at,
            now=now,
            existed_at=existed_at,
            fresh_at=fresh_at,
        )
        for certificate, issuer in pairwise(path)
    ]
    for finding in sorted(findings, key=lambda item: item.code is not Code.REVOKED):
        if not finding.passed:
            return finding
    return findings[0] if findings else passed(NAME, "Chứng thư gốc được tin cậy trực tiếp.")


def _check_one(
    certificate: x509.Certificate,
    listings: tuple[Listing, ...],
    *,
    at: datetime,
    now: datetime,
    existed_at: datetime | None,
    fresh_at: datetime,
) -> Check:
    if not listings:
        issuer = certificates.issuer_name(certificate)
        return not_checked(
            NAME,
            Code.TRY_LATER,
            f"Chưa có danh sách thu hồi của “{issuer}” nên chưa biết chứng thư số đã bị thu hồi hay chưa.",
        )
    revoked_at = min((item.revoked_at for item in listings if item.revoked_at is not None), default=None)
    if revoked_at is not None and revoked_at <= now:
        return _revoked(certificates.common_name(certificate), revoked_at, at=at, existed_at=existed_at)
    if not any(item.next_update is not None and item.next_update >= fresh_at for item in listings):
        issuer = certificates.issuer_name(certificate)
        newest = max(item.this_update for item in listings)
        return not_checked(
            NAME,
            Code.TRY_LATER,
            f"Danh sách thu hồi của “{issuer}” đã cũ (bản ngày {day(newest)}); cần bản mới để kết luận.",
        )
    return _NOT_REVOKED


def _revoked(name: str, revoked_at: datetime, *, at: datetime, existed_at: datetime | None) -> Check:
    since = day(revoked_at)
    if revoked_at <= at:
        return failed(NAME, Code.REVOKED, f"Đã ký sau khi chứng thư “{name}” bị thu hồi (ngày {since}).")
    if existed_at is not None and existed_at < revoked_at:
        return passed(NAME, f"Chứng thư “{name}” bị thu hồi ngày {since}, sau khi đã ký (có bằng chứng).")
    return not_checked(
        NAME,
        Code.REVOKED_NO_POE,
        f"Chứng thư “{name}” đã bị thu hồi ngày {since}; không chứng minh được chữ ký có trước ngày đó.",
    )


def _covers(item: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """Whether the list is a complete one that speaks of certificates of this kind (RFC 5280 5.2.4, 5.2.5)."""
    for extension in item.extensions:
        if isinstance(extension.value, x509.IssuingDistributionPoint):
            if not _point_covers(extension.value, certificate):
                return False
        elif extension.critical:
            return False  # a delta list, or something nobody here understands
    return True


def _point_covers(point: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    if point.indirect_crl or point.only_contains_attribute_certs or point.only_some_reasons:
        return False
    if point.relative_name is not None or not _is_own_point(point, certificate):
        return False
    authority = certificates.is_authority(certificate)
    return not (point.only_contains_user_certs and authority) and (
        authority or not point.only_contains_ca_certs
    )


def _is_own_point(point: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    """Whether a list that is only a part of the whole is the part the certificate names (RFC 5280 6.3.3 b 2 i)."""
    if point.full_name is None:
        return True
    return not certificates.revocation_list_names(certificate).isdisjoint(point.full_name)


def is_readable(item: x509.CertificateRevocationList) -> bool:
    """Whether the list's own parts can be read; parsing is lazy, and hostile lists break late."""
    try:
        _ = (
            item.issuer,
            item.extensions,
            item.last_update_utc,
            item.next_update_utc,
            item.signature_algorithm_oid,
        )
    except certificates.UNREADABLE:
        return False
    return True


def is_signed_by(item: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Whether the authority, which may sign lists, signed this one with an algorithm that counts."""
    if item.signature_algorithm_oid not in certificates.SIGNATURE_ALGORITHMS:
        return False
    if not certificates.may_sign_revocation_lists(issuer):
        return False
    try:
        return bool(item.is_signature_valid(certificates.public_key_of(issuer)))  # type: ignore[arg-type]
    except certificates.UNREADABLE:
        return False
