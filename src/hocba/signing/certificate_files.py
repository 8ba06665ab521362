"""Reading the files in which people keep certificates: PEM, DER (.cer, .crt) and PKCS#7 (.p7b), never a private key.

Only reads; whether a certificate is to be believed is the question of `hocba.signing.trust`.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs7

from hocba.signing import certificates

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST_FILE = 128 * 1024
"""Bytes; a certificate has two thousand, a .p7b some more of its authorities."""
MOST_CERTIFICATES = 50
"""In one file."""

_KEY_STORES = (b"PuTTY-User-Key-File", b"\xfe\xed\xfe\xed")
"""How key files of PuTTY and key stores of Java begin."""

_INTEGER, _OCTET_STRING, _SEQUENCE = 0x02, 0x04, 0x30
"""Tags of ASN.1 (X.690 section 8)."""


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
    """Whether a file holds a private key in any usual form, also an encrypted one.

    Only its shape is looked at: to load a key would be to test numbers of a stranger for being prime, without limit.
    """
    if b"PRIVATE KEY-----" in data or data.startswith(_KEY_STORES):
        return True
    tag, inside, _ = _element(data)
    if tag != _SEQUENCE:
        return False
    first, _, rest = _element(inside)
    # PKCS#12 and bare keys of every kind begin with their version, an encrypted key (RFC 5958 section 3) with the way
    # of encryption, and its octets follow. Certificates begin with two sequences, PKCS#7 with an object identifier.
    return first == _INTEGER or (first == _SEQUENCE and _element(rest)[0] == _OCTET_STRING)


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """Tag and content of the first element, and what comes after it (X.690 section 8.1); tag 0 where there is none.

    Of an element without a stated length everything that follows is content.
    """
    if len(data) < 2:
        return 0, b"", b""
    start, length = 2, data[1]
    if length == 0x80:
        length = len(data)
    elif length > 0x80:
        start += length - 0x80
        length = int.from_bytes(data[2:start], "big")
    return data[0], data[start : start + length], data[start + length :]


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
