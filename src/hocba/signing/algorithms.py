"""Which keys and algorithms count: the allow-list with its sizes and dates, and the arithmetic around it.

Sizes as the law has them are in `certificates`. Dates: ETSI TS 119 312 lets RSA below 3000 bits end on
2029-01-01; it stays a table here, so that a stricter date is one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from hocba.signing import certificates
from hocba.signing.errors import SignatureMismatchError, UnsupportedKeyError

PublicKey: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

P256_BYTES = 32
"""Length of each of r and s of an ECDSA P-256 signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """One line of the allow-list: keys of `family` from `bits` up count until `until` (None: open)."""

    family: str
    bits: int
    until: datetime | None


ALLOWED: tuple[Allowance, ...] = (
    Allowance(family="RSA", bits=certificates.SMALLEST_RSA, until=datetime(2029, 1, 1, tzinfo=UTC)),
    Allowance(family="RSA", bits=3000, until=None),
    Allowance(family="EC", bits=certificates.SMALLEST_CURVE, until=None),
)


def public_key_of(certificate_or_key: x509.Certificate | PublicKey) -> PublicKey:
    """Give the RSA or EC P-256 public key.

    Raises:
        UnsupportedKeyError: another kind of key, another curve, or an unreadable key.
    """
    key: object = certificate_or_key
    if isinstance(certificate_or_key, x509.Certificate):
        try:
            key = certificates.public_key_of(certificate_or_key)
        except certificates.UNREADABLE as error:
            raise UnsupportedKeyError("the certificate's public key cannot be read") from error
    if isinstance(key, ec.EllipticCurvePublicKey) and not isinstance(key.curve, ec.SECP256R1):
        raise UnsupportedKeyError(f"curve {key.curve.name} is not accepted")
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise UnsupportedKeyError(f"{type(key).__name__} is not accepted")
    return key


def require_allowed(
    certificate_or_key: x509.Certificate | PublicKey, *, at: datetime | None = None
) -> PublicKey:
    """Give the public key if the allow-list holds it, at the instant `at` when one is given.

    Without an instant only the sizes of the law are asked for.

    Raises:
        UnsupportedKeyError: kind, curve or size not accepted, or no longer accepted at that time.
    """
    if at is None and isinstance(certificate_or_key, x509.Certificate):
        return _allowed_key(certificate_or_key)
    return _require_allowed(public_key_of(certificate_or_key), at)


@certificates.remembered
def _allowed_key(certificate: x509.Certificate) -> PublicKey:
    return _require_allowed(public_key_of(certificate), None)


def _require_allowed(key: PublicKey, at: datetime | None) -> PublicKey:
    family = "RSA" if isinstance(key, rsa.RSAPublicKey) else "EC"
    if key.key_size > certificates.LARGEST_RSA:
        raise UnsupportedKeyError(f"{family} keys of {key.key_size} bits are not accepted")
    rows = [row for row in ALLOWED if row.family == family and key.key_size >= row.bits]
    if not rows:
        raise UnsupportedKeyError(f"{family} keys of {key.key_size} bits are too small")
    if at is not None and not any(row.until is None or at < row.until for row in rows):
        raise UnsupportedKeyError(
            f"{family} keys of {key.key_size} bits are no longer accepted at {at:%Y-%m-%d}"
        )
    return key


@certificates.remembered
def accepted_until(certificate: x509.Certificate) -> datetime | None:
    """The instant from which the allow-list no longer holds keys like this certificate's; None when it is open.

    A key that the list never held is not this function's question: the path's lasting faults name it.
    """
    try:
        key = certificates.public_key_of(certificate)
    except certificates.UNREADABLE:
        return None
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return None
    family = "RSA" if isinstance(key, rsa.RSAPublicKey) else "EC"
    ends = [row.until for row in ALLOWED if row.family == family and key.key_size >= row.bits]
    return None if not ends or None in ends else max(end for end in ends if end is not None)


def sign_raw(private_key: PrivateKey, data: bytes) -> bytes:
    """Sign with SHA-256: RSA PKCS#1 v1.5, or ECDSA as DER.

    Raises:
        UnsupportedKeyError: the key is not on the allow-list.
    """
    require_allowed(private_key.public_key())
    if isinstance(private_key, rsa.RSAPrivateKey):
        return private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return private_key.sign(data, ec.ECDSA(hashes.SHA256()))


def verify_raw(certificate_or_key: x509.Certificate | PublicKey, signature: bytes, data: bytes) -> None:
    """Check a raw signature value over `data` (SHA-256; RSA PKCS#1 v1.5, or ECDSA as DER).

    Raises:
        SignatureMismatchError: the value does not fit.
        UnsupportedKeyError: the key is not on the allow-list.
    """
    key = require_allowed(certificate_or_key)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise SignatureMismatchError("the signature value does not fit bytes and certificate") from error


def ecdsa_raw_from_der(signature: bytes) -> bytes:
    """Turn a DER ECDSA P-256 signature into r || s (RFC 4050, XMLDSig 1.1, RFC 9421 3.3.4).

    Raises:
        SignatureMismatchError: it is not such a signature.
    """
    try:
        r, s = decode_dss_signature(signature)
        return r.to_bytes(P256_BYTES, "big") + s.to_bytes(P256_BYTES, "big")
    except (ValueError, OverflowError) as error:
        raise SignatureMismatchError("not a DER ECDSA signature on P-256") from error


def ecdsa_der_from_raw(signature: bytes) -> bytes:
    """Turn r || s of P-256 into DER.

    Raises:
        SignatureMismatchError: it is not 64 bytes long.
    """
    if len(signature) != 2 * P256_BYTES:
        raise SignatureMismatchError("an ECDSA P-256 signature has 64 bytes")
    r = int.from_bytes(signature[:P256_BYTES], "big")
    s = int.from_bytes(signature[P256_BYTES:], "big")
    return encode_dss_signature(r, s)
