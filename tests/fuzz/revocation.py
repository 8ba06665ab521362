"""OCSP answers, revocation lists and certificates: declared errors, and never better news than the golden ones give."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from hocba.signing import certificates, ocsp, trust
from hocba.signing.checks import Status
from tests.factories import golden
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz

FOLDER = golden.FOLDER.parent / "golden_proofs" / "thu-hoi-1"
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
        golden_ones = {_der(each) for each in ("before.crl", "good.ors", "after.crl", "revoked.ors")}
        if said["revocation"] is Status.PASSED:
            assert any(each in data or each == data for each in golden_ones) or _still_signed(name, data)


def _still_signed(name: str, data: bytes) -> bool:
    """Encodings around what is signed may differ (PEM blanks); then the signed part must be that of a golden file."""
    known = {"x.crl": ("before.crl", "after.crl"), "x.ors": ("good.ors",), "x.pem": ("before.crl",)}[name]
    return any(_signed_part(_der(each)) in data for each in known) or b"-----BEGIN" in data


def _signed_part(der: bytes) -> bytes:
    return der[40 : len(der) // 2]


def _der(name: str) -> bytes:
    data = _file(name)
    if name.endswith(".ors"):
        return data
    return certificates.x509.load_pem_x509_crl(data).public_bytes(Encoding.DER)


def seeds() -> list[bytes]:
    """Both answers, both lists as DER and PEM, and certificates."""
    lists = [_der("before.crl"), _der("after.crl"), _file("before.crl")]
    people = [certificates.to_der(_certificate(each)) for each in ("person.pem", "issuing.pem", "root.pem")]
    return [_file("good.ors"), _file("revoked.ors"), *lists, *people]


TARGET = Target(name="revocation", examine=examine, seeds=seeds, mutator=mutators.of_der, largest=1 << 16)

if __name__ == "__main__":
    fuzz(TARGET)
