"""Makes XML signatures in two steps, since the key is not ours: prepare, then complete with the value."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from hocba.signing import algorithms, certificates, instants
from hocba.signing.errors import SignatureMismatchError, SigningError
from hocba.signing.xmldsig_names import (
    DS,
    ECDSA_SHA256,
    ENVELOPED,
    EXC_C14N,
    RSA_SHA256,
    SHA256,
    SIGNING_TIME_NAMESPACE,
    canonical,
    digest_text,
    ds,
)

WHOLE_DOCUMENT = ""
"""The URI of the seal's region: the document without the seal itself."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")
_EMPTY_VALUE = b"<ds:SignatureValue></ds:SignatureValue>"


@dataclass(frozen=True, slots=True)
class Region:
    """What is to be signed: `#id` and its canonical octets, or `""` and the document's (without this one)."""

    uri: str
    canonical: bytes


@dataclass(frozen=True, slots=True)
class PreparedXmlSignature:
    """A signature that lacks its value. Store it, have `to_be_signed` signed, then `complete` it."""

    signature_id: str
    to_be_signed: bytes
    xml: bytes


def prepare(
    *, signature_id: str, regions: Sequence[Region], signed_at: datetime, certificate: x509.Certificate
) -> PreparedXmlSignature:
    """Make everything of a signature but its value: references to the regions and to its own time of signing.

    It is written in canonical form, so that the bytes to be signed and to be digested are those that are written.
    `signed_at` must be aware; it is written with +07:00 and whole seconds.

    Raises:
        UnsupportedKeyError: the certificate's key is not on the allow-list.
        ValueError: no region, an identifier that is not a plain XML name, or a time without zone.
    """
    uris = [region.uri for region in regions]
    if not uris or len(set(uris)) != len(uris):
        raise ValueError("a signature needs regions, each once")
    own_time = f"tg-{_plain_name(signature_id)}"
    time_object = (
        f' Id="{own_time}">{_PROPERTIES.format(id=signature_id, at=_instant(signed_at))}</ds:Object>'
    )
    references = [_reference(region.uri, digest_text(region.canonical)) for region in regions]
    references.append(_reference(f"#{own_time}", digest_text(_declaring("ds:Object", time_object))))
    signed_info = f">{_METHODS.format(_signature_method(certificate))}{''.join(references)}</ds:SignedInfo>"
    signature = (
        f' Id="{signature_id}"><ds:SignedInfo{signed_info}<ds:SignatureValue></ds:SignatureValue>'
        f"{_key_info(certificate)}<ds:Object{time_object}</ds:Signature>"
    )
    return PreparedXmlSignature(
        signature_id, _declaring("ds:SignedInfo", signed_info), _declaring("ds:Signature", signature)
    )


def _declaring(name: str, rest: str) -> bytes:
    """The canonical form of an element that stands by itself: it declares the prefix."""
    return f'<{name} xmlns:ds="{DS}"{rest}'.encode()


def is_over(prepared: PreparedXmlSignature, regions: Sequence[Region]) -> bool:
    """Whether the signature that was prepared covers exactly these regions: what is shown is what is signed."""
    references = etree.fromstring(prepared.to_be_signed).findall(f"{{{DS}}}Reference")[:-1]
    stated = [(each.get("URI"), each.findtext(f"{{{DS}}}DigestValue")) for each in references]
    return stated == [(region.uri, digest_text(region.canonical)) for region in regions]


def complete(prepared: PreparedXmlSignature, signature_value: bytes) -> bytes:
    """Put the value in, once it fits the certificate; give the `ds:Signature` ready for its slot.

    `signature_value` is as `SigningKey.sign` gives it (ECDSA as DER).

    Raises:
        SignatureMismatchError: the value was not made by this certificate's key over these bytes.
        SigningError: the prepared signature was altered since.
    """
    signature = etree.fromstring(prepared.xml)
    to_be_signed = canonical(signature[0])
    if to_be_signed != prepared.to_be_signed or prepared.xml.count(_EMPTY_VALUE) != 1:
        raise SigningError("the prepared signature was altered")
    certificate = _certificate_of(signature)
    algorithms.verify_raw(certificate, signature_value, to_be_signed)
    value = signature_value
    if not isinstance(certificate.public_key(), rsa.RSAPublicKey):
        value = algorithms.ecdsa_raw_from_der(signature_value)
    filled = b"<ds:SignatureValue>" + b64encode(value) + b"</ds:SignatureValue>"
    return prepared.xml.replace(_EMPTY_VALUE, filled)


def _certificate_of(signature: etree._Element) -> x509.Certificate:
    text = signature.findtext(f"{ds('KeyInfo')}/{ds('X509Data')}/{ds('X509Certificate')}")
    if not text:
        raise SignatureMismatchError("the prepared signature names no certificate")
    return _certificate(text)


@lru_cache(maxsize=64)
def _certificate(base64_text: str) -> x509.Certificate:
    """Read once for all the values of a batch."""
    pem = f"-----BEGIN CERTIFICATE-----\n{base64_text}\n-----END CERTIFICATE-----\n"
    return x509.load_pem_x509_certificate(pem.encode())


def _signature_method(certificate: x509.Certificate) -> str:
    key = algorithms.require_allowed(certificate)
    return RSA_SHA256 if isinstance(key, rsa.RSAPublicKey) else ECDSA_SHA256


def _plain_name(identifier: str) -> str:
    if not _NAME.fullmatch(identifier):
        raise ValueError(f"{identifier!r} is not a plain XML name")
    return identifier


def _instant(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("the time of signing needs a zone")
    return instants.iso(moment)


def _reference(uri: str, digest: str) -> str:
    enveloped = _empty("Transform", ENVELOPED) if uri == WHOLE_DOCUMENT else ""
    if uri != WHOLE_DOCUMENT:
        if not uri.startswith("#"):
            raise ValueError(f"{uri!r} is no region of this document")
        _plain_name(uri[1:])
    return (
        f'<ds:Reference URI="{uri}"><ds:Transforms>{enveloped}{_EXCLUSIVE}</ds:Transforms>{_DIGEST_METHOD}'
        f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"
    )


@lru_cache(maxsize=1024)
def _key_info(certificate: x509.Certificate) -> str:
    """The signer's certificate; a name may hold what canonical form writes in another way."""
    name = escape(certificate.subject.rfc4514_string())
    encoded = b64encode(certificates.to_der(certificate)).decode("ascii")
    data = (
        f'<ds:X509Data xmlns:ds="{DS}"><ds:X509SubjectName>{name}</ds:X509SubjectName>'
        f"<ds:X509Certificate>{encoded}</ds:X509Certificate></ds:X509Data>"
    )
    inherited = canonical(etree.fromstring(data)).decode().replace(f' xmlns:ds="{DS}"', "", 1)
    return f"<ds:KeyInfo>{inherited}</ds:KeyInfo>"


def _empty(name: str, algorithm: str) -> str:
    return f'<ds:{name} Algorithm="{algorithm}"></ds:{name}>'


_EXCLUSIVE = _empty("Transform", EXC_C14N)
_DIGEST_METHOD = _empty("DigestMethod", SHA256)
_METHODS = _empty("CanonicalizationMethod", EXC_C14N) + _empty("SignatureMethod", "{}")
_PROPERTIES = (
    '<ds:SignatureProperties><ds:SignatureProperty Target="#{id}">'
    f'<SigningTime xmlns="{SIGNING_TIME_NAMESPACE}">{{at}}</SigningTime>'
    "</ds:SignatureProperty></ds:SignatureProperties>"
)
