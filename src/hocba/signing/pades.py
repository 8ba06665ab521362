"""PAdES signatures in two steps, since the key is elsewhere: on a token, at a provider, in an HSM.

`prepare` lays out the increment with an empty place for the CMS and gives the bytes to be signed; `complete`
checks the value that came back and embeds it. PAdES-B-B of ETSI EN 319 142-1: ETSI.CAdES.detached, SHA-256,
signing-certificate-v2, claimed time in /M. The first signature of a file certifies it (DocMDP, P=2).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.signing import algorithms, pades_cms, pdf_structure
from hocba.signing.certificates import common_name
from hocba.signing.errors import SigningError
from hocba.signing.pades_increment import Claim, empty_fields, lay
from hocba.signing.pdf_appearance import Appearance

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cryptography import x509

__all__ = ["Appearance", "PreparedPdfSignature", "complete", "is_over", "prepare"]


@dataclass(frozen=True, slots=True)
class PreparedPdfSignature:
    """A PDF that waits for its signature value.

    `pdf` is the whole file with zeros where the CMS goes: `reserved` bytes, that is twice as many hex digits,
    from offset `contents`. `to_be_signed` is what the key signs with SHA-256.
    """

    pdf: bytes
    field: str
    contents: int
    reserved: int
    to_be_signed: bytes
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def prepare(
    pdf: bytes,
    *,
    field: str,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    signed_at: datetime,
    appearance: Appearance,
    certify: bool,
) -> PreparedPdfSignature:
    """Lay out the signature of an empty field.

    Raises:
        UnreadableError: the PDF is not of the accepted shape.
        UnsupportedKeyError: the certificate's key is not on the allow-list.
        ValueError: no such empty field, wrong size of the appearance, naive time, or certifying twice.
    """
    if signed_at.tzinfo is None:
        raise ValueError("signed_at needs a time zone")
    file = pdf_structure.read(pdf)
    place = empty_fields(file).get(field)
    if place is None:
        raise ValueError(f"no empty field {field}")
    if not appearance.fits(*place.size):
        raise ValueError(f"the appearance does not have the size {place.size} of {field}")
    if certify and b"/Perms" in file.body(file.last.root):
        raise ValueError("the document is already certified")
    shape = pades_cms.shape_of(certificate, tuple(chain))
    claim = Claim(
        name=common_name(certificate),
        signed_at=signed_at,
        certifies=certify,
        reserved=pades_cms.longest(shape),
    )
    picture = appearance.resized(*place.size).objects(file.last.size + 1)
    laid = lay(file, place, claim, picture)
    digest = _digest(pdf, laid.increment, laid.contents - 1, claim.reserved)
    return PreparedPdfSignature(
        pdf=pdf + laid.increment,
        field=field,
        contents=laid.contents,
        reserved=claim.reserved,
        to_be_signed=pades_cms.signed_attributes(shape, digest),
        certificate=certificate,
        chain=tuple(chain),
    )


def is_over(prepared: PreparedPdfSignature) -> bool:
    """Whether what is to be signed carries the digest of this file: what is shown is what is signed."""
    digest = _digest(b"", bytearray(prepared.pdf), prepared.contents - 1, prepared.reserved)
    return digest in prepared.to_be_signed


def complete(prepared: PreparedPdfSignature, signature_value: bytes) -> bytes:
    """The signed PDF.

    Raises:
        SignatureMismatchError: the value does not belong to these bytes and this certificate.
        UnsupportedKeyError: the certificate's key is not on the allow-list.
        SigningError: at the place of the signature stands something else than its zeros.
    """
    algorithms.verify_raw(prepared.certificate, signature_value, prepared.to_be_signed)
    shape = pades_cms.shape_of(prepared.certificate, prepared.chain)
    cms = pades_cms.assemble(shape, prepared.to_be_signed, signature_value)
    digits = cms.hex().encode()
    end = prepared.contents + len(digits)
    if prepared.contents < 0 or prepared.pdf[prepared.contents : end] != b"0" * len(digits):
        raise SigningError("the place of the signature is not empty")
    return prepared.pdf[: prepared.contents] + digits + prepared.pdf[end:]


def _digest(pdf: bytes, increment: bytearray, gap: int, reserved: int) -> bytes:
    """SHA-256 of the file but for the CMS with its brackets, `gap` being the offset of the first one."""
    start = gap - len(pdf)
    digest = hashlib.sha256(pdf)
    view = memoryview(increment)
    digest.update(view[:start])
    digest.update(view[start + 2 * reserved + 2 :])
    return digest.digest()
