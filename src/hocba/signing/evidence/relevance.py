"""Which authorities and revocation lists speak of given certificates: by the names of issuers, from them upwards.

Names only choose what is kept beside a document. Whether a list counts is judged by its signature (`revocation`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from asn1crypto import cms
from cryptography import x509

from hocba.signing import certificates, timestamps, trust
from hocba.signing.evidence.errors import EvidenceError


@dataclass(frozen=True, slots=True)
class Names:
    """Encoded names in one file: of its certificates, of who issued them, and of who issued its lists."""

    subjects: frozenset[bytes] = frozenset()
    issuers: frozenset[bytes] = frozenset()
    lists: frozenset[bytes] = frozenset()


def names_in(data: bytes) -> Names:
    """What a file of authorities or revocation lists names, PEM or DER; nothing when it can be read as neither."""
    try:
        found, lists = trust.read_x509(data)
        return replace(names_of(found), lists=frozenset(each.issuer.public_bytes() for each in lists))
    except certificates.UNREADABLE:
        return Names()


def names_of(found: Iterable[x509.Certificate]) -> Names:
    """The same of certificates at hand."""
    known = list(found)
    return Names(
        frozenset(each.subject.public_bytes() for each in known),
        frozenset(each.issuer.public_bytes() for each in known),
    )


def relevant(issuers: Iterable[bytes], files: Mapping[str, Names], known: Iterable[Names] = ()) -> list[str]:
    """Names of the files that speak of certificates by these issuers, or of the authorities above them, sorted.

    `known` are further authorities that need no file. Above an issuer that is nowhere at hand nobody knows what is
    needed, so then every file is.
    """
    every = [*files.values(), *known]
    wanted, waiting = set[bytes](), list(issuers)
    while waiting:
        name = waiting.pop()
        if name in wanted:
            continue
        wanted.add(name)
        above = [each for each in every if name in each.subjects]
        if not above:
            return sorted(files)
        waiting.extend(issuer for each in above for issuer in each.issuers)
    return sorted(name for name, each in files.items() if wanted & (each.subjects | each.lists))


def issuers_in(token: bytes) -> frozenset[bytes]:
    """Who issued the certificates that came with a time stamp. Raises EvidenceError."""
    try:
        listed = cms.ContentInfo.load(token)["content"]["certificates"]
        encoded = [each.chosen.dump() for each in listed]
        found = [x509.load_der_x509_certificate(each) for each in encoded]
        return names_of(found).issuers
    except timestamps.MALFORMED as error:
        raise EvidenceError("the time stamp is malformed") from error
