"""Certificates, revocation lists and registers of every shape, also wrong ones, for tests of trust.

The keys are P-256 and made on the spot: nothing here is kept, and nothing leaves the tests.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

VIETNAM = timezone(timedelta(hours=7))
START = datetime(2024, 1, 1, tzinfo=VIETNAM)
END = datetime(2029, 1, 1, tzinfo=VIETNAM)
SCHOOL = "79764501"

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_SIGNER = {"digital_signature": True, "content_commitment": True}
_AUTHORITY = {"key_cert_sign": True, "crl_sign": True}
_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def name(common_name: str, uid: str | None = None, organisation: str | None = None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if organisation is not None:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    parts.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name))
    if uid is not None:
        parts.append(x509.NameAttribute(NameOID.USER_ID, uid))
    return x509.Name(parts)


@dataclass
class Holder:
    """A certificate with its key; as an authority it can issue others and revocation lists."""

    certificate: x509.Certificate
    key: Key
    revoked: list[tuple[int, datetime]] = field(default_factory=list)

    def issue(self, subject: x509.Name, **options: Any) -> Holder:
        return make(subject, issuer=self, **options)

    def person(self, common_name: str, personal_id: str = "079085000001", **options: Any) -> Holder:
        return self.issue(name(common_name, f"CCCD:{personal_id}", "Trường THCS Mẫu"), **options)

    def authority(self, common_name: str, **options: Any) -> Holder:
        return self.issue(name(common_name), ca=True, **options)

    def revoke(self, other: Holder, at: datetime) -> None:
        self.revoked.append((other.certificate.serial_number, at))

    def crl(
        self,
        *,
        this_update: datetime = datetime(2026, 11, 1, tzinfo=VIETNAM),
        next_update: datetime | None = datetime(2027, 11, 1, tzinfo=VIETNAM),
        extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (),
        key: Key | None = None,
    ) -> bytes:
        builder = x509.CertificateRevocationListBuilder()
        builder = builder.issuer_name(self.certificate.subject).last_update(this_update)
        builder = builder.next_update(next_update or this_update)
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        for serial, at in self.revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(key or self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def sha256(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()


def make(
    subject: x509.Name,
    *,
    issuer: Holder | None = None,
    key: Key | None = None,
    ca: bool = False,
    path_length: int | None = None,
    usage: dict[str, bool] | None = None,
    start: datetime = START,
    end: datetime = END,
    digest: hashes.HashAlgorithm | None = None,
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> Holder:
    key = key or ec.generate_private_key(ec.SECP256R1())
    wanted = usage if usage is not None else (_AUTHORITY if ca else _SIGNER)
    builder = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
    builder = builder.issuer_name(issuer.certificate.subject if issuer else subject)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
    builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
    usages = {flag: wanted.get(flag, False) for flag in _USAGES}
    builder = builder.add_extension(x509.KeyUsage(**usages), critical=True)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    certificate = builder.sign(issuer.key if issuer else key, digest or hashes.SHA256())
    return Holder(certificate, key)


def root(common_name: str = "Gốc thử nghiệm", **options: Any) -> Holder:
    return make(name(common_name), ca=True, **options)


def approval(holder: Holder, code: str, *positions: str, **changes: Any) -> dict[str, Any]:
    """One row of a register; `changes` overwrite its fields."""
    return {
        "sha256": holder.sha256,
        "holder": code,
        "name": code,
        "kind": "organisation" if "seal" in positions else "person",
        "positions": list(positions),
        "valid_from": "2024-08-01T00:00:00+07:00",
        "valid_until": "2028-08-01T00:00:00+07:00",
        "revoked_at": None,
        **changes,
    }


def register(*rows: dict[str, Any], school: str = SCHOOL) -> bytes:
    return json.dumps(
        {
            "type": "approved-certificates",
            "version": 1,
            "school": school,
            "school_name": "Trường THCS Mẫu",
            "updated_at": "2026-11-01T00:00:00+07:00",
            "certificates": list(rows),
        }
    ).encode()
