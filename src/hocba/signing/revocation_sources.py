"""Where revocation is asked, as the trust list and its authorities say, and what a fetched list is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography import x509

from hocba.signing import certificates
from hocba.signing.chains import is_self_signed
from hocba.signing.revocation import is_signed_by

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hocba.signing.trust_list import TrustList


class RevocationListError(ValueError):
    """A fetched list that is not taken; the text says why, for logs and the officer's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSource:
    """An address at which the revocation list of `issuer` is."""

    issuer: x509.Certificate
    address: str


def list_sources(trust_list: TrustList) -> tuple[ListSource, ...]:
    """Every address of a revocation list: what entries name, and for authorities whose entry names none, what the
    certificates of the listed authorities below them say.

    Addresses in certificates of persons are never used: such a certificate may come from anybody.
    """
    found: dict[tuple[str, str], ListSource] = {}
    for source in _sources(trust_list):
        found.setdefault((certificates.fingerprint(source.issuer), source.address), source)
    return tuple(found.values())


def responders_for(trust_list: TrustList, issuer: x509.Certificate) -> tuple[str, ...]:
    """Addresses of OCSP responders for what `issuer` issued."""
    authority = trust_list.find(issuer)
    return () if authority is None else authority.ocsp


def addresses_of(trust_list: TrustList) -> frozenset[str]:
    """Everything that may be asked at all."""
    lists = {source.address for source in list_sources(trust_list)}
    return frozenset(lists | {address for entry in trust_list.authorities for address in entry.ocsp})


def judge_list(
    data: bytes, issuer: x509.Certificate, *, now: datetime, newest: datetime | None
) -> x509.CertificateRevocationList:
    """Read a fetched list, once it is the issuer's, of now, and not older than `newest`, the one at hand.

    Raises RevocationListError.
    """
    try:
        found = _load(data)
        if found.issuer != issuer.subject or not is_signed_by(found, issuer):
            raise RevocationListError("not signed by the authority it should be of")
        begin, end = found.last_update_utc, found.next_update_utc
    except RevocationListError:
        raise
    except certificates.UNREADABLE as error:
        raise RevocationListError("not a revocation list") from error
    if end is None:
        raise RevocationListError("does not say when the next one comes")
    if begin > now or end < now:
        raise RevocationListError("of another time")
    if newest is not None and begin < newest:
        raise RevocationListError("older than the one at hand")
    return found


def supersedes(candidate: bytes, at_hand: bytes) -> bool:
    """Whether one list of an authority may follow another: it is not older (RFC 5280 5.1.2.4). Both were judged."""
    return _load(candidate).last_update_utc >= _load(at_hand).last_update_utc


def _load(data: bytes) -> x509.CertificateRevocationList:
    return x509.load_pem_x509_crl(data) if b"-----BEGIN" in data else x509.load_der_x509_crl(data)


def _sources(trust_list: TrustList) -> Iterator[ListSource]:
    listed = [item for entry in trust_list.authorities for item in entry.certificates]
    for entry in trust_list.authorities:
        for issuer in entry.certificates:
            for address in entry.crls or _named_below(issuer, listed):
                yield ListSource(issuer=issuer, address=address)


def _named_below(issuer: x509.Certificate, listed: list[x509.Certificate]) -> list[str]:
    below = [
        item
        for item in listed
        if item.issuer == issuer.subject and not is_self_signed(item) and _issued(issuer, item)
    ]
    return [address for item in below for address in _addresses_in(item)]


def _addresses_in(certificate: x509.Certificate) -> list[str]:
    names = certificates.revocation_list_names(certificate)
    values = [item.value for item in names if isinstance(item, x509.UniformResourceIdentifier)]
    return sorted(value for value in values if _is_http(value))


def _is_http(address: str) -> bool:
    parts = urlsplit(address)
    host = parts.hostname or ""
    reserved = host.endswith((".example", ".invalid"))  # RFC 2606: nothing is ever there
    return parts.scheme in {"http", "https"} and bool(host) and not reserved and len(address) <= 500


def _issued(issuer: x509.Certificate, below: x509.Certificate) -> bool:
    wanted = certificates.issuer_key_identifier(below)
    own = certificates.key_identifier(issuer)
    return None in (wanted, own) or wanted == own
