"""OCSP answers, revocation lists and certificates: declared errors, and never better news than the golden ones give."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import cache, partial
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as x509_ocsp

from hocba.signing import certificates, ocsp, trust
from hocba.signing.checks import Status
from tests.factories import golden
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz

FOLDER = golden.FOLDER.parent / "golden_proofs" / "thu-hoi-1"
GOOD = ("good.ors", "before.crl")
PEM_LIST = b"-----BEGIN X509 CRL-----"
AT = datetime(2026, 11, 21, 9, tzinfo=timezone(timedelta(hours=7)))


@cache
def _file(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@cache
def _certificate(name: str) -> Any:
    return certificates.load(_file(name))


def examine(data: bytes) -> None:
    """As an answer, as a list of the issuing authority, and as one more certificate of a trust folder."""
    person, issuing = _certificate("person.pem"), _certificate("issuing.pem")
    try:
        listing = ocsp.check_answer(data, person, issuing, now=AT)
    except ocsp.OcspError:
        pass
    else:
        revoked_at = ocsp.check_answer(_file("revoked.ors"), person, issuing, now=AT).revoked_at
        assert listing.revoked_at in (None, revoked_at)
    for name in ("x.crl", "x.ors", "x.pem"):
        try:
            material = trust.load(
                {**{each: _file(each) for each in ("root.pem", "issuing.pem", "root.crl")}, name: data}
            )
        except trust.TrustError:
            continue
        checks = material.check_certificate(person, at=AT, now=AT)
        said = {check.name: check.status for check in checks}
        if said["revocation"] is Status.PASSED:
            assert _signed_parts(data) & {part for name in GOOD for part in _signed_parts(_file(name))}


def _signed_parts(data: bytes) -> set[bytes]:
    """What is signed in an answer or in lists; what stands around it (certificates, PEM) nobody signs."""
    pieces = data.split(PEM_LIST)
    loaders: list[Callable[[], bytes]] = [
        lambda: x509_ocsp.load_der_ocsp_response(data).tbs_response_bytes,
        lambda: x509.load_der_x509_crl(data).tbs_certlist_bytes,
        *(partial(_pem_part, PEM_LIST + piece) for piece in pieces[1:]),
    ]
    found = set()
    for load in loaders:
        with contextlib.suppress(ValueError):
            found.add(load())
    return found


def _pem_part(piece: bytes) -> bytes:
    return x509.load_pem_x509_crl(piece).tbs_certlist_bytes


def _der(name: str) -> bytes:
    data = _file(name)
    if name.endswith(".ors"):
        return data
    return x509.load_pem_x509_crl(data).public_bytes(Encoding.DER)


def seeds() -> list[bytes]:
    """Both answers, both lists as DER and PEM, and certificates."""
    lists = [_der("before.crl"), _der("after.crl"), _file("before.crl")]
    people = [certificates.to_der(_certificate(each)) for each in ("person.pem", "issuing.pem", "root.pem")]
    return [_file("good.ors"), _file("revoked.ors"), *lists, *people]


TARGET = Target(name="revocation", examine=examine, seeds=seeds, mutator=mutators.of_der, largest=1 << 16)

if __name__ == "__main__":
    fuzz(TARGET)
