"""The CMS of a PAdES signature, of one fixed shape, in DER (RFC 5652, RFC 5035, ETSI EN 319 122-1).

For one signer nothing but the digest and the value ever changes, so the bytes are put together instead of
modelled; a checker rebuilds them from what it read and compares. Signed attributes are content type, message
digest and signing-certificate-v2, which names every certificate in the CMS, so that none of them can be changed;
the claimed time stands in the PDF (/M), as PAdES asks.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa

from hocba.signing import algorithms
from hocba.signing.certificates import to_der

_SEQUENCE, _SET, _OCTETS, _CONTEXT_0 = 0x30, 0x31, 0x04, 0xA0
_DATA: Final = bytes.fromhex("06092a864886f70d010701")
_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
_CONTENT_TYPE: Final = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST: Final = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE_V2: Final = bytes.fromhex("060b2a864886f70d010910022f")
_SHA256: Final = bytes.fromhex("300b0609608648016503040201")
_RSA_SHA256: Final = bytes.fromhex("300d06092a864886f70d01010b0500")
_ECDSA_SHA256: Final = bytes.fromhex("300a06082a8648ce3d040302")
_IDENTIFIER: Final = 36
"""Bytes of an ESSCertIDv2 with the default algorithm: two headers and a SHA-256 digest."""
_VERSION_1: Final = bytes.fromhex("020101")
_LARGEST_ECDSA: Final = 72
LARGEST_CMS: Final = 32 * 1024


@dataclass(frozen=True, slots=True)
class CmsShape:
    """The unchanging bytes of one signer's CMS, and the longest value it will hold."""

    certificates: bytes
    signer: bytes
    algorithm: bytes
    other_attributes: tuple[bytes, bytes]
    longest_value: int


def shape_of(certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> CmsShape:
    """The shape for a signer; the root of the chain is left out, since who trusts it has it.

    Raises:
        UnsupportedKeyError: the key is not on the allow-list.
        ValueError: a certificate of the chain is not on the signer's path.
    """
    below_root = frozenset(above for above in chain if above.subject != above.issuer)
    return _shape(certificate, _in_order(certificate, below_root))


@lru_cache(maxsize=512)
def _shape(certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> CmsShape:
    key = algorithms.require_allowed(certificate)
    der = to_der(certificate)
    is_rsa = isinstance(key, rsa.RSAPublicKey)
    serial = certificate.serial_number
    signer = tlv(
        _SEQUENCE,
        certificate.issuer.public_bytes(),
        tlv(0x02, serial.to_bytes(serial.bit_length() // 8 + 1, "big")),
    )
    path = [der, *map(to_der, chain)]
    identifiers = [tlv(_SEQUENCE, tlv(_OCTETS, hashlib.sha256(member).digest())) for member in path]
    return CmsShape(
        certificates=tlv(_CONTEXT_0, *sorted(set(path))),
        signer=signer,
        algorithm=_RSA_SHA256 if is_rsa else _ECDSA_SHA256,
        other_attributes=(
            tlv(_SEQUENCE, _CONTENT_TYPE, tlv(_SET, _DATA)),
            tlv(_SEQUENCE, _SIGNING_CERTIFICATE_V2, tlv(_SET, tlv(_SEQUENCE, tlv(_SEQUENCE, *identifiers)))),
        ),
        longest_value=key.key_size // 8 if is_rsa else _LARGEST_ECDSA,
    )


def signed_attributes(shape: CmsShape, digest: bytes) -> bytes:
    """DER of the SET that is signed, for the SHA-256 digest of the covered bytes."""
    message_digest = tlv(_SEQUENCE, _MESSAGE_DIGEST, tlv(_SET, tlv(_OCTETS, digest)))
    return tlv(_SET, *sorted((message_digest, *shape.other_attributes)))


def assemble(shape: CmsShape, attributes: bytes, value: bytes) -> bytes:
    """The complete CMS from the signed attributes (the SET) and the signature value."""
    signer_info = tlv(
        _SEQUENCE,
        _VERSION_1,
        shape.signer,
        _SHA256,
        bytes((_CONTEXT_0,)) + attributes[1:],
        shape.algorithm,
        tlv(_OCTETS, value),
    )
    signed_data = tlv(
        _SEQUENCE,
        _VERSION_1,
        tlv(_SET, _SHA256),
        tlv(_SEQUENCE, _DATA),
        shape.certificates,
        tlv(_SET, signer_info),
    )
    return tlv(_SEQUENCE, _SIGNED_DATA, tlv(_CONTEXT_0, signed_data))


def longest(shape: CmsShape) -> int:
    """The most bytes a CMS of this shape can have; for RSA every one has just this many."""
    attributes = signed_attributes(shape, bytes(32))
    return len(assemble(shape, attributes, bytes(shape.longest_value)))


def tlv(tag: int, *contents: bytes) -> bytes:
    """One DER element."""
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size, "big") + content


@dataclass(frozen=True, slots=True)
class ReadCms:
    """What a CMS of our shape holds: `chain` nearest first, `attributes` the signed SET."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    digest: bytes
    attributes: bytes
    value: bytes


def take_apart(data: bytes) -> ReadCms:
    """Read a CMS that must be, byte for byte, what `assemble` would make; zeros may follow.

    Raises:
        ValueError: it is anything else, or a certificate cannot be read or is not on the signer's path.
        UnsupportedKeyError: the signer's key is not on the allow-list.
    """
    if len(data) > LARGEST_CMS:
        raise ValueError("the CMS is too large")
    try:
        return _take_apart(data)
    except (IndexError, x509.InvalidVersion) as error:
        raise ValueError("the CMS lacks a part") from error


def _take_apart(data: bytes) -> ReadCms:
    outer = _elements(data, 0, _end(data, 0))[0]
    signed_data = _elements(data, *_inside(data, outer, 1, 0))
    certificates = [data[start:end] for _, start, end in _elements(data, *_content(data, signed_data[3]))]
    info = _elements(data, *_inside(data, signed_data[4], 0))
    attributes = b"\x31" + data[info[3][1] + 1 : info[3][2]]
    value_start, value_end = _content(data, info[5])
    value = data[value_start:value_end]
    digest, certificate_hash = _digests(attributes, len(certificates))
    leaves = [der for der in certificates if hashlib.sha256(der).digest() == certificate_hash]
    if len(leaves) != 1 or len(certificates) > 6:
        raise ValueError("the signer's certificate is not in the CMS")
    certificate = _loaded(leaves[0])
    chain = _in_order(certificate, frozenset(_loaded(der) for der in certificates if der != leaves[0]))
    shape = _shape(certificate, chain)
    rebuilt = assemble(shape, signed_attributes(shape, digest), value)
    if data != rebuilt + bytes(len(data) - len(rebuilt)) or len(data) > longest(shape):
        raise ValueError("the CMS is not of the agreed shape")
    return ReadCms(certificate, chain, digest, attributes, value)


@lru_cache(maxsize=512)
def _loaded(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)


@lru_cache(maxsize=512)
def _in_order(
    certificate: x509.Certificate, others: frozenset[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """The other certificates as the path above this one, nearest first.

    Nobody signs the certificates in a CMS, so each must be held by the one below it: otherwise a changed
    file would pass. Raises ValueError when one is not part of the path.
    """
    path, left = [certificate], set(others)
    while left:
        above = next((other for other in left if _issued(other, path[-1])), None)
        if above is None:
            raise ValueError("a certificate in the CMS is not on the signer's path")
        path.append(above)
        left.remove(above)
    if len(path) > 1 and path[-1].subject == path[-1].issuer and not _issued(path[-1], path[-1]):
        raise ValueError("the root certificate in the CMS does not sign itself")
    return tuple(path[1:])


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    if issuer.subject != certificate.issuer:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _digests(attributes: bytes, named: int) -> tuple[bytes, bytes]:
    """Message digest and the signer's certificate digest, which is the first of those that are named.

    The three attributes stand in their sorted order, the names at the end.
    """
    _, message, identifier = _elements(attributes, *_content(attributes, (0x31, 0, len(attributes))))
    first = identifier[2] - named * _IDENTIFIER + _IDENTIFIER - 32
    return attributes[message[2] - 32 : message[2]], attributes[first : first + 32]


def _end(data: bytes, at: int) -> int:
    start, length = _header(data, at)
    if start + length > len(data):
        raise ValueError("DER element is cut off")
    return start + length


def _header(data: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at `at` starts, and its length."""
    if at + 2 > len(data):
        raise ValueError("DER element is cut off")
    first = data[at + 1]
    if first < 0x80:
        return at + 2, first
    size = first & 0x7F
    if not 1 <= size <= 3 or at + 2 + size > len(data):
        raise ValueError("DER length is not supported")
    return at + 2 + size, int.from_bytes(data[at + 2 : at + 2 + size], "big")


def _content(data: bytes, element: tuple[int, int, int]) -> tuple[int, int]:
    return _header(data, element[1])[0], element[2]


def _elements(data: bytes, at: int, end: int) -> list[tuple[int, int, int]]:
    """(tag, start, end) of the elements between two offsets; at most 64."""
    found: list[tuple[int, int, int]] = []
    while at < end:
        after = _end(data, at)
        if after > end or len(found) == 64:
            raise ValueError("DER element does not fit")
        found.append((data[at], at, after))
        at = after
    return found


def _inside(data: bytes, element: tuple[int, int, int], *path: int) -> tuple[int, int]:
    """The content of the element reached by taking the path-th member, again and again."""
    for index in path:
        element = _elements(data, *_content(data, element))[index]
    return _content(data, element)
