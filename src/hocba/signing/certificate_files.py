"""Reading the files in which people keep certificates: PEM, DER (.cer, .crt) and PKCS#7 (.p7b), never a private key.

Only reads; whether a certificate is to be believed is the question of `hocba.signing.trust`.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from asn1crypto import core
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_private_key, pkcs7

from hocba.signing import certificates

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST_FILE = 128 * 1024
"""Bytes; a certificate has two thousand, a .p7b some more of its authorities."""
MOST_CERTIFICATES = 50
"""In one file."""

_KEY_STORES = (b"PuTTY-User-Key-File", b"\xfe\xed\xfe\xed")
"""How key files of PuTTY and key stores of Java begin."""


class PrivateKeyError(ValueError):
    """The file holds a private key, or is of a kind made to hold one (PKCS#12): it is not looked into any further."""


class NoCertificateError(ValueError):
    """The file holds no certificate that can be read, or more than anybody has."""


def read(data: bytes) -> tuple[x509.Certificate, ...]:
    """Certificates of signers in a file; those of authorities, which a .p7b brings along, are left out.

    Raises PrivateKeyError before anything else, NoCertificateError.
    """
    if holds_private_key(data):
        raise PrivateKeyError
    if len(data) > LARGEST_FILE:
        raise NoCertificateError("too large")
    try:
        found = _load(data)
    except certificates.UNREADABLE as error:
        raise NoCertificateError("neither PEM, DER nor PKCS#7") from error
    signers = tuple(
        item for item in found if certificates.is_readable(item) and not certificates.is_authority(item)
    )
    if not signers or len(found) > MOST_CERTIFICATES:
        raise NoCertificateError(f"{len(found)} certificates, {len(signers)} of signers")
    return signers


def holds_private_key(data: bytes) -> bool:
    """Whether a file holds a private key in any usual form, also an encrypted one."""
    if b"PRIVATE KEY-----" in data or data.startswith(_KEY_STORES):
        return True
    try:
        load_der_private_key(data, password=None)
    except TypeError:  # an encrypted one
        return True
    except (ValueError, UnsupportedAlgorithm):
        return _begins_with_a_number(data)
    return True


def _begins_with_a_number(data: bytes) -> bool:
    """PKCS#12 and keys of every kind begin with their version; certificates and PKCS#7 do not."""
    try:
        return isinstance(core.Sequence.load(data)[0], core.Integer)
    except (ValueError, TypeError, KeyError, IndexError):
        return False


def _load(data: bytes) -> Sequence[x509.Certificate]:
    if b"-----BEGIN CERTIFICATE-----" in data:
        return x509.load_pem_x509_certificates(data)
    with warnings.catch_warnings():
        # Windows writes .p7b in BER; read it all the same.
        warnings.simplefilter("ignore")
        if b"-----BEGIN PKCS7-----" in data:
            return pkcs7.load_pem_pkcs7_certificates(data)
        try:
            return [x509.load_der_x509_certificate(data)]
        except ValueError:
            return pkcs7.load_der_pkcs7_certificates(data)
