"""For demo and training only: what the demo authority answers over OCSP, and the trust list that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from hocba.signing.ocsp import NONCE_BYTES, OcspError
from hocba.signing.trust_list import (
    Authority,
    AuthorityClass,
    Purpose,
    Standing,
    StatusChange,
    TrustList,
)

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.signing.demo_ca import DemoAuthority, Revocation
    from hocba.signing.keys.pkcs12 import SoftwareKey

LARGEST_REQUEST = 4096
ISSUER = "Sở Giáo dục và Đào tạo (bản trình diễn)"


def answer(
    request: bytes,
    authority: DemoAuthority,
    *,
    known: frozenset[int] | None,
    responder: SoftwareKey,
    now: datetime,
    next_update: datetime,
) -> bytes:
    """Answer an OCSP request as the issuing authority's appointed responder (RFC 6960 4.2), DER.

    `known` are the serial numbers it issued; for others the answer is "unknown"; None knows every number.
    Raises OcspError for what is no request about one certificate of this authority.
    """
    asked = _read_request(request)
    issuer = authority.issuing.certificate
    status, revocation = _status_of(asked.serial_number, authority, known)
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=asked.issuer_name_hash,
        issuer_key_hash=asked.issuer_key_hash,
        serial_number=asked.serial_number,
        algorithm=asked.hash_algorithm,
        cert_status=status,
        this_update=now,
        next_update=next_update,
        revocation_time=None if revocation is None else revocation.at,
        revocation_reason=None,
    )
    if not _is_about(asked, issuer):
        raise OcspError("asked about a certificate of another authority")
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
    builder = builder.certificates([responder.certificate])
    for extension in asked.extensions:
        if isinstance(extension.value, x509.OCSPNonce) and len(extension.value.nonce) <= NONCE_BYTES:
            builder = builder.add_extension(extension.value, critical=False)
    signed = builder.sign(responder.private_key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def trust_list(
    authority: DemoAuthority, *, version: int, now: datetime, next_update: datetime, services: bool = False
) -> TrustList:
    """A list with the demo authority alone, of the class that signs nothing in production."""
    where = authority.services if services else None
    return TrustList(
        version=version,
        issuer=ISSUER,
        issued_at=now,
        next_update=next_update,
        authorities=tuple(
            Authority(
                name=f"{authority.organisation} ({level})",
                authority_class=AuthorityClass.DEMONSTRATION,
                purposes=frozenset(Purpose),
                certificates=(key.certificate,),
                history=(StatusChange(standing=Standing.GRANTED, since=authority.created_at),),
                crls=(f"{where}/{name}.crl",) if where else (),
                ocsp=(f"{where}/ocsp",) if where and name == "issuing" else (),
            )
            for level, name, key in (
                ("gốc", "root", authority.root),
                ("cấp phát", "issuing", authority.issuing),
            )
        ),
    )


def _read_request(request: bytes) -> ocsp.OCSPRequest:
    if len(request) > LARGEST_REQUEST:
        raise OcspError("too large for a request")
    try:
        asked = ocsp.load_der_ocsp_request(request)
        _ = asked.serial_number  # refuses more than one certificate
    except (ValueError, NotImplementedError) as error:
        raise OcspError(f"not a request about one certificate: {error}") from error
    return asked


def _status_of(
    serial: int, authority: DemoAuthority, known: frozenset[int] | None
) -> tuple[ocsp.OCSPCertStatus, Revocation | None]:
    for entry in authority.revoked:
        if entry.serial == serial:
            return ocsp.OCSPCertStatus.REVOKED, entry
    if known is not None and serial not in known:
        return ocsp.OCSPCertStatus.UNKNOWN, None
    return ocsp.OCSPCertStatus.GOOD, None


def _is_about(asked: ocsp.OCSPRequest, issuer: x509.Certificate) -> bool:
    builder = ocsp.OCSPRequestBuilder().add_certificate(issuer, issuer, asked.hash_algorithm)
    return builder.build().issuer_key_hash == asked.issuer_key_hash
