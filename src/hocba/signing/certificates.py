"""What a certificate says: whom it names, who issued it, what its key may do, and until when.

Only reads; whether a certificate is to be believed is the question of `hocba.signing.trust`. Vietnamese
certificates carry the number of the person or organisation in UID ("CCCD:<12 digits>", "MST:<code>").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import (
    ExtendedKeyUsageOID,
    NameOID,
    PublicKeyAlgorithmOID,
    SignatureAlgorithmOID,
)

from hocba.signing import distinguished_names
from hocba.signing.distinguished_names import normalise

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

SMALLEST_RSA = 2048
"""Bits of a key (Thông tư 15/2025/TT-BKHCN)."""
SMALLEST_CURVE = 256
"""Bits of a key (Thông tư 15/2025/TT-BKHCN)."""
LARGEST_RSA = 8192
"""Bits of a key; a larger one only serves to keep the checker busy."""

UNREADABLE = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What the library raises for a certificate, or a part of it, that cannot be read."""

REMEMBERED = 1024
"""Certificates whose facts are kept: a school's few dozen signers sign all of its documents."""

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
_Fact = TypeVar("_Fact")

# PSS, Ed25519 and SHA-3 are fine in themselves; a list of what is used here is easier to keep right.
SIGNATURE_ALGORITHMS = frozenset(
    {
        SignatureAlgorithmOID.RSA_WITH_SHA256,
        SignatureAlgorithmOID.RSA_WITH_SHA384,
        SignatureAlgorithmOID.RSA_WITH_SHA512,
        SignatureAlgorithmOID.ECDSA_WITH_SHA256,
        SignatureAlgorithmOID.ECDSA_WITH_SHA384,
        SignatureAlgorithmOID.ECDSA_WITH_SHA512,
    }
)


@dataclass(frozen=True, slots=True)
class SubjectNumber:
    """The number in a subject's UID: `scheme` is "CCCD", "CMND", "HC" or "MST", `value` the number itself."""

    scheme: str
    value: str


def remembered(read: Callable[[x509.Certificate], _Fact]) -> Callable[[x509.Certificate], _Fact]:
    """Ask `read` once about each certificate, known by the object itself, which is kept so that no other takes its id.

    A certificate never changes. Its own hash goes through all of it, which takes longer than most of the answers.
    """
    known: dict[int, tuple[x509.Certificate, _Fact]] = {}

    @wraps(read)
    def answer(certificate: x509.Certificate) -> _Fact:
        found = known.get(id(certificate))
        if found is None:
            if len(known) >= REMEMBERED:
                known.clear()
            found = known[id(certificate)] = (certificate, read(certificate))
        return found[1]

    return answer


def load(data: bytes) -> x509.Certificate:
    """Read one certificate, DER or PEM; raises ValueError when it is neither."""
    try:
        if b"-----BEGIN CERTIFICATE-----" in data:
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except x509.InvalidVersion as error:
        raise ValueError("a certificate of a version that does not exist") from error


@remembered
def is_readable(certificate: x509.Certificate) -> bool:
    """Whether every part that is asked for later can be read; parsing is lazy, and hostile ones break late."""
    try:
        for read in _LAZY_PARTS:
            read(certificate)
    except UNREADABLE:
        return False
    return True


_LAZY_PARTS = tuple(
    map(
        attrgetter,
        (
            "subject",
            "issuer",
            "extensions",
            "not_valid_before_utc",
            "not_valid_after_utc",
            "signature_algorithm_oid",
        ),
    )
)


def to_der(certificate: x509.Certificate) -> bytes:
    """The certificate's DER bytes."""
    return certificate.public_bytes(serialization.Encoding.DER)


@remembered
def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the DER bytes, 64 hex digits, as the register of approved certificates writes it."""
    return certificate.fingerprint(hashes.SHA256()).hex()


@remembered
def common_name(certificate: x509.Certificate) -> str:
    """The subject's CN, NFC and single blanks; empty when it has none or several."""
    return _only(certificate.subject, NameOID.COMMON_NAME)


def organisation(certificate: x509.Certificate) -> str:
    """The subject's O, or an empty string."""
    return _only(certificate.subject, NameOID.ORGANIZATION_NAME)


@remembered
def issuer_name(certificate: x509.Certificate) -> str:
    """The issuer's CN, else its O: the name people know the authority by."""
    issuer = certificate.issuer
    return _only(issuer, NameOID.COMMON_NAME) or _only(issuer, NameOID.ORGANIZATION_NAME)


@remembered
def subject_number(certificate: x509.Certificate) -> SubjectNumber | None:
    """The scheme and number in the subject's UID, or None when there is not exactly one of that form."""
    scheme, colon, value = _only(certificate.subject, NameOID.USER_ID).partition(":")
    if not colon or not scheme.strip() or not value.strip():
        return None
    return SubjectNumber(scheme.strip().upper(), value.strip())


def names_person(certificate: x509.Certificate) -> bool:
    """Whether the UID says it is a person's (identity card or passport)."""
    number = subject_number(certificate)
    return number is not None and number.scheme in {"CCCD", "CMND", "HC"}


def names_organisation(certificate: x509.Certificate) -> bool:
    """Whether the UID says it is an organisation's (tax or unit code)."""
    number = subject_number(certificate)
    return number is not None and number.scheme == "MST"


def subject_matches(text: str, certificate: x509.Certificate) -> bool:
    """Whether an `X509SubjectName` text is this certificate's subject, in RFC 4514 or .NET writing.

    What a text says is remembered, so the caller bounds the length of `text`.
    """
    return distinguished_names.is_written(text, _subject_parts(certificate))


@remembered
def _subject_parts(certificate: x509.Certificate) -> tuple[distinguished_names.Part, ...]:
    return distinguished_names.parts_of(certificate.subject)


def same_person_name(left: str, right: str) -> bool:
    """Whether two writings of a person's or school's name agree; authorities often write capitals only."""
    name = normalise(left)
    return bool(name) and name.casefold() == normalise(right).casefold()


@remembered
def validity(certificate: x509.Certificate) -> tuple[datetime, datetime]:
    """The first and the last moment of the certificate's validity."""
    return certificate.not_valid_before_utc, certificate.not_valid_after_utc


def valid_at(certificate: x509.Certificate, at: datetime) -> bool:
    """Whether `at` (aware) lies within the certificate's validity, both ends included."""
    start, end = validity(certificate)
    return start <= at <= end


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether basicConstraints makes it a certification authority (RFC 5280 section 4.2.1.9)."""
    constraints = _extension(certificate, x509.BasicConstraints)
    return constraints is not None and constraints.ca


def path_length(certificate: x509.Certificate) -> int | None:
    """How many authorities may stand below this one; None means any number."""
    constraints = _extension(certificate, x509.BasicConstraints)
    return None if constraints is None else constraints.path_length


def may_sign_certificates(certificate: x509.Certificate) -> bool:
    """Whether it is an authority whose key usage, when stated, has keyCertSign."""
    usage = _extension(certificate, x509.KeyUsage)
    return is_authority(certificate) and (usage is None or usage.key_cert_sign)


def may_sign_revocation_lists(certificate: x509.Certificate) -> bool:
    """Whether its key usage, when stated, has cRLSign."""
    usage = _extension(certificate, x509.KeyUsage)
    return usage is None or usage.crl_sign


@remembered
def may_sign_documents(certificate: x509.Certificate) -> bool:
    """Whether it is no authority, and its key usage says digitalSignature or nonRepudiation.

    A time-stamp unit and an OCSP responder have these too; their extended key usage gives them away.
    """
    usage = _extension(certificate, x509.KeyUsage)
    if usage is None or is_authority(certificate):
        return False
    extended = _extension(certificate, x509.ExtendedKeyUsage)
    if extended is not None and not _OTHER_TRADES.isdisjoint(extended):
        return False
    return usage.digital_signature or usage.content_commitment


def key_identifier(certificate: x509.Certificate) -> bytes | None:
    """The subject key identifier, when it has one."""
    identifier = _extension(certificate, x509.SubjectKeyIdentifier)
    return None if identifier is None else identifier.digest


def issuer_key_identifier(certificate: x509.Certificate) -> bytes | None:
    """The key identifier of the issuer, when the certificate states it."""
    identifier = _extension(certificate, x509.AuthorityKeyIdentifier)
    return None if identifier is None else identifier.key_identifier


def revocation_list_names(certificate: x509.Certificate) -> frozenset[x509.GeneralName]:
    """Where the certificate says its revocation lists are (RFC 5280 section 4.2.1.13)."""
    points = _extension(certificate, x509.CRLDistributionPoints) or ()
    return frozenset(name for point in points for name in point.full_name or ())


def has_quick_key(certificate: x509.Certificate) -> bool:
    """Whether its key is of a kind that takes no time to load; no other is loaded.

    Loading those of Diffie-Hellman computes with a stranger's numbers of any size: minutes for a crafted certificate.
    """
    return certificate.public_key_algorithm_oid in _QUICK_KEYS


def has_elliptic_key(certificate: x509.Certificate) -> bool:
    """Whether its key is on an elliptic curve, by what the certificate says: the key itself is not loaded."""
    return certificate.public_key_algorithm_oid == PublicKeyAlgorithmOID.EC_PUBLIC_KEY


def public_key_of(certificate: x509.Certificate) -> object:
    """Load the key, if that takes no time. Raises one of UNREADABLE."""
    if not has_quick_key(certificate):
        raise UnsupportedAlgorithm("a kind of key that is not used for signing")
    return certificate.public_key()


def has_strong_key(certificate: x509.Certificate) -> bool:
    """Whether the key is RSA or on an elliptic curve, and of a size within the bounds above."""
    try:
        key = public_key_of(certificate)
    except UNREADABLE:
        return False
    if isinstance(key, rsa.RSAPublicKey):
        return SMALLEST_RSA <= key.key_size <= LARGEST_RSA
    return isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= SMALLEST_CURVE


def is_signed_strongly(certificate: x509.Certificate) -> bool:
    """Whether the authority signed it with an algorithm of the list above; SHA-1 is not on it."""
    return certificate.signature_algorithm_oid in SIGNATURE_ALGORITHMS


def key_words(certificate: x509.Certificate) -> str:
    """The kind and size of the key as people write it, "RSA 2048 bit"; empty when it cannot be read."""
    if not has_quick_key(certificate):
        return "loại khác"
    try:
        key = certificate.public_key()
    except UNREADABLE:
        return ""
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size} bit"
    return f"ECDSA {key.key_size} bit" if isinstance(key, ec.EllipticCurvePublicKey) else "loại khác"


def unknown_critical_extensions(certificate: x509.Certificate) -> tuple[str, ...]:
    """OIDs of critical extensions nobody here looks at; a path with one must be refused (RFC 5280 4.2)."""
    return tuple(
        item.oid.dotted_string
        for item in certificate.extensions
        if item.critical and not isinstance(item.value, _UNDERSTOOD)
    )


_QUICK_KEYS = frozenset(
    {
        PublicKeyAlgorithmOID.RSAES_PKCS1_v1_5,
        PublicKeyAlgorithmOID.RSASSA_PSS,
        PublicKeyAlgorithmOID.EC_PUBLIC_KEY,
        PublicKeyAlgorithmOID.ED25519,
        PublicKeyAlgorithmOID.ED448,
    }
)

_OTHER_TRADES = frozenset({ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING})

# Certificate policies and extended key usage are understood in that no policy of ours depends on them.
_UNDERSTOOD = (x509.BasicConstraints, x509.KeyUsage, x509.CertificatePolicies, x509.ExtendedKeyUsage)


def _only(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    values = name.get_attributes_for_oid(oid)
    if len(values) != 1 or not isinstance(values[0].value, str):
        return ""
    return normalise(values[0].value)


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
