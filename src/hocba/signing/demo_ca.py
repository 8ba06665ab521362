"""For demo and training only: a certification authority whose keys anybody may have.

Two levels, as the real ones have: a root, and below it the authority that issues to persons, organisations,
systems and the time-stamp unit. Names follow NĐ 68/2024 and practice: a person's certificate carries
`UID=CCCD:<personal identification number>`, an organisation's `UID=MST:<code>`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from hocba.signing.algorithms import PrivateKey, PublicKey
from hocba.signing.errors import KeyFileError
from hocba.signing.keys.pkcs12 import SoftwareKey

PERSON_KEY_BITS = 2048
AUTHORITY_KEY_BITS = 3072
CERTIFICATE_LIFE = timedelta(days=5 * 365)
"""NĐ 68/2024: a subscriber's certificate lives at most five years."""
AUTHORITY_LIFE = timedelta(days=20 * 365)
LONGEST_COMMON_NAME = 64
"""Bytes of a common name (X.520 ub-common-name, counted strictly)."""
CRL_ADDRESS = "http://crl.demo.hocba.example"
"""Where the certificates say their lists are; nothing is there, the lists travel as files."""

_STATE_FORMAT = "hocba-demo-authority-1"


def generate_person_keys(count: int, *, workers: int = 2) -> list[rsa.RSAPrivateKey]:
    """Make RSA keys in threads; the arithmetic runs outside the interpreter lock."""
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(lambda _: _rsa_key(PERSON_KEY_BITS), range(count)))


@dataclass(frozen=True, slots=True)
class Revocation:
    """A certificate that was taken back."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified


@dataclass(slots=True)
class DemoAuthority:
    """Root and issuing authority with their keys, and the list of what was revoked."""

    organisation: str
    created_at: datetime
    root: SoftwareKey
    issuing: SoftwareKey
    revoked: list[Revocation] = field(default_factory=list)
    services: str | None = None
    """Where its revocation lists and its OCSP responder are, if anywhere: what its certificates say."""

    @classmethod
    def create(cls, now: datetime, organisation: str, *, services: str | None = None) -> Self:
        """Make a new authority named after `organisation`; its certificates are valid from `now` (aware)."""
        with ThreadPoolExecutor(max_workers=2) as pool:
            root_key, issuing_key = pool.map(lambda _: _rsa_key(AUTHORITY_KEY_BITS), range(2))
        root = _root_certificate(organisation, root_key, now)
        issuing = _issuing_certificate(organisation, issuing_key, SoftwareKey(root, root_key), now, services)
        return cls(
            organisation, now, SoftwareKey(root, root_key), SoftwareKey(issuing, issuing_key, (root,)),
            services=services,
        )  # fmt: skip

    def issue_person(
        self, *, name: str, personal_id: str, organisation: str,
        private_key: PrivateKey | None = None, valid_from: datetime | None = None,
    ) -> SoftwareKey:  # fmt: skip
        """Issue to a person of an organisation (RSA-2048 unless a key is given)."""
        subject = _name(organisation, name, f"CCCD:{personal_id}")
        return self._issue(subject, private_key or _rsa_key(PERSON_KEY_BITS), _SIGNER, valid_from)

    def issue_organisation(
        self, *, name: str, code: str,
        private_key: PrivateKey | None = None, valid_from: datetime | None = None,
    ) -> SoftwareKey:  # fmt: skip
        """Issue to an organisation for its seal (RSA-2048 unless a key is given)."""
        subject = _name(None if _fits(name) else name, name, f"MST:{code}")
        return self._issue(subject, private_key or _rsa_key(PERSON_KEY_BITS), _SIGNER, valid_from)

    def issue_system(self, name: str, *, valid_from: datetime | None = None) -> SoftwareKey:
        """Issue to a system that signs its messages (EC P-256)."""
        subject = _name(self.organisation, name, None)
        return self._issue(subject, ec.generate_private_key(ec.SECP256R1()), _SYSTEM, valid_from)

    def issue_timestamp_unit(self, *, valid_from: datetime | None = None) -> SoftwareKey:
        """Issue to a time-stamp unit (EC P-256; RFC 3161 2.3: timeStamping, critical, alone)."""
        subject = _name(self.organisation, f"Dấu thời gian - {self.organisation}", None)
        return self._issue(subject, ec.generate_private_key(ec.SECP256R1()), _TIMESTAMPS, valid_from)

    def issue_ocsp_responder(self, *, valid_from: datetime | None = None) -> SoftwareKey:
        """Issue to a responder that answers for the issuing authority (EC P-256; RFC 6960 4.2.2.2)."""
        subject = _name(self.organisation, f"OCSP - {self.organisation}", None)
        return self._issue(subject, ec.generate_private_key(ec.SECP256R1()), _RESPONDER, valid_from)

    def revoke(
        self, serial: int, *, at: datetime, reason: x509.ReasonFlags = x509.ReasonFlags.unspecified
    ) -> None:
        """Take a certificate back from `at` on; a second call for the same number changes nothing."""
        if all(entry.serial != serial for entry in self.revoked):
            self.revoked.append(Revocation(serial, at, reason))

    def certificate_pems(self) -> dict[str, bytes]:
        """Give the certificates of both authorities as files by name."""
        return {
            "root.pem": self.root.certificate.public_bytes(Encoding.PEM),
            "issuing.pem": self.issuing.certificate.public_bytes(Encoding.PEM),
        }

    def crls(self, now: datetime, next_update: datetime) -> dict[str, bytes]:
        """Give the revocation lists of both authorities (DER) as files by name, good until `next_update`."""
        return {
            "root.crl": _revocation_list(self.root, [], now, next_update),
            "issuing.crl": _revocation_list(self.issuing, self.revoked, now, next_update),
        }

    def to_bytes(self, password: str) -> bytes:
        """Write everything down, the private keys encrypted with the password."""
        state = {
            "format": _STATE_FORMAT,
            "organisation": self.organisation,
            "created_at": self.created_at.isoformat(),
            "services": self.services,
            "root": _to_pems(self.root, password),
            "issuing": _to_pems(self.issuing, password),
            "revoked": [
                {"serial": str(each.serial), "at": each.at.isoformat(), "reason": each.reason.value}
                for each in self.revoked
            ],
        }
        return json.dumps(state, ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_bytes(cls, data: bytes, password: str) -> Self:
        """Read what `to_bytes` wrote.

        Raises:
            KeyFileError: damaged, of another format, or the wrong password.
        """
        try:
            state = json.loads(data)
            if state["format"] != _STATE_FORMAT:
                raise KeyFileError("not the state of a demo authority")
            root, root_key = _from_pems(state["root"], password)
            issuing, issuing_key = _from_pems(state["issuing"], password)
            revoked = [
                Revocation(
                    int(each["serial"]), datetime.fromisoformat(each["at"]), x509.ReasonFlags(each["reason"])
                )
                for each in state["revoked"]
            ]
            created_at = datetime.fromisoformat(state["created_at"])
        except (ValueError, KeyError, TypeError) as error:
            raise KeyFileError("the demo authority's state is damaged or the password is wrong") from error
        return cls(
            state["organisation"], created_at,
            SoftwareKey(root, root_key), SoftwareKey(issuing, issuing_key, (root,)), revoked,
            state.get("services"),
        )  # fmt: skip

    def _issue(
        self, subject: x509.Name, key: PrivateKey, extensions: _Extensions, valid_from: datetime | None
    ) -> SoftwareKey:
        start = valid_from or self.created_at
        builder = _builder(
            subject, key.public_key(), self.issuing.certificate, start, start + CERTIFICATE_LIFE
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        for where in _where_to_ask(self.services, "issuing.crl"):
            builder = builder.add_extension(where, critical=False)
        certificate = builder.sign(self.issuing.private_key, hashes.SHA256())
        return SoftwareKey(certificate, key, (self.issuing.certificate, self.root.certificate))


def _rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _name(organisation: str | None, name: str, number: str | None) -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, organisation)]
    parts += [(NameOID.USER_ID, number), (NameOID.COMMON_NAME, _shortened(name))]
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts if value is not None])


def _fits(name: str) -> bool:
    return len(name.encode()) <= LONGEST_COMMON_NAME


def _shortened(name: str) -> str:
    """Leave out words at the end until the name fits; the whole name then stands in the O attribute."""
    words = name.split()
    while len(words) > 1 and not _fits(" ".join(words)):
        words.pop()
    return " ".join(words)


def _key_usage(*, signing: bool = False, commitment: bool = False, authority: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signing, content_commitment=commitment, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


_Extensions = Sequence[tuple[x509.ExtensionType, bool]]
"""Extensions beside those every certificate has, each with whether it is critical."""

_SIGNER: _Extensions = [(_key_usage(signing=True, commitment=True), True)]
_SYSTEM: _Extensions = [(_key_usage(signing=True), True)]
_TIMESTAMPS: _Extensions = [
    (_key_usage(signing=True, commitment=True), True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
]
_RESPONDER: _Extensions = [
    (_key_usage(signing=True), True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),
    (x509.OCSPNoCheck(), False),
]


def _builder(
    subject: x509.Name, key: PublicKey, issuer: x509.Certificate | None, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key)
    issuer_key = issuer.public_key() if issuer else key
    if not isinstance(issuer_key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise TypeError("an authority of the demo has an RSA or EC key")
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _root_certificate(organisation: str, key: rsa.RSAPrivateKey, now: datetime) -> x509.Certificate:
    subject = _name(organisation, f"CA gốc - {organisation}", None)
    builder = _builder(subject, key.public_key(), None, now, now + AUTHORITY_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
    return builder.add_extension(_key_usage(authority=True), critical=True).sign(key, hashes.SHA256())


def _issuing_certificate(
    organisation: str, key: rsa.RSAPrivateKey, root: SoftwareKey, now: datetime, services: str | None
) -> x509.Certificate:
    subject = _name(organisation, f"CA cấp phát - {organisation}", None)
    builder = _builder(subject, key.public_key(), root.certificate, now, now + AUTHORITY_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage(authority=True), critical=True)
    for where in _where_to_ask(services, "root.crl"):
        builder = builder.add_extension(where, critical=False)
    return builder.sign(root.private_key, hashes.SHA256())


def _where_to_ask(services: str | None, file_name: str) -> list[x509.ExtensionType]:
    """CRL distribution point, and with real services the OCSP responder beside it (RFC 5280 4.2.1.13, 4.2.2.1)."""
    address = x509.UniformResourceIdentifier(f"{services or CRL_ADDRESS}/{file_name}")
    found: list[x509.ExtensionType] = [
        x509.CRLDistributionPoints([x509.DistributionPoint([address], None, None, None)])
    ]
    if services is not None:
        responder = x509.UniformResourceIdentifier(f"{services}/ocsp")
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, responder)
        found.append(x509.AuthorityInformationAccess([access]))
    return found


def _revocation_list(
    authority: SoftwareKey, revoked: Sequence[Revocation], now: datetime, next_update: datetime
) -> bytes:
    """Number the list by its time, so that a newer one always has the greater number (RFC 5280 5.2.3)."""
    key_identifier = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now)
        .next_update(next_update)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_identifier), critical=False
        )
    )
    for entry in revoked:
        row = x509.RevokedCertificateBuilder().serial_number(entry.serial).revocation_date(entry.at)
        if entry.reason is not x509.ReasonFlags.unspecified:
            row = row.add_extension(x509.CRLReason(entry.reason), critical=False)
        builder = builder.add_revoked_certificate(row.build())
    return builder.sign(authority.private_key, hashes.SHA256()).public_bytes(Encoding.DER)


def _to_pems(key: SoftwareKey, password: str) -> dict[str, str]:
    encryption = BestAvailableEncryption(password.encode())
    return {
        "certificate": key.certificate.public_bytes(Encoding.PEM).decode(),
        "key": key.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode(),
    }


def _from_pems(pems: dict[str, str], password: str) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    key = load_pem_private_key(pems["key"].encode(), password.encode())
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeyFileError("an authority of the demo has an RSA key")
    return x509.load_pem_x509_certificate(pems["certificate"].encode()), key
