"""Answers of an authority about one certificate (OCSP, RFC 6960): asking, and what an answer is worth.

An answer is one more source beside revocation lists: it becomes a `Listing`. It counts only when it is about
this very certificate and signed by its issuer, or by a responder whom the issuer itself appointed. Whatever is
not perfectly in order is left aside, and then nothing is known: never "not revoked".
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from asn1crypto import core, keys
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from hocba.signing import certificates
from hocba.signing.revocation import Listing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LARGEST_ANSWER = 64 * 1024
"""Bytes of an answer that is read at all; a usual one has two thousand."""
NONCE_BYTES = 32
"""RFC 8954 section 2.1: at most 32 bytes of nonce."""

# SHA-1 only names the issuer here, as most authorities still write it (RFC 5019 asks for it): we compute both
# digests from the issuer we already trust, and the signature, never made with SHA-1, covers them. Who found a
# collision would gain nothing but an answer about a certificate that the issuer answered about.
_IDENTIFIERS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}

_ARCHIVE_CUTOFF = x509.ObjectIdentifier("1.3.6.1.5.5.7.48.1.6")
_UNDERSTOOD = (x509.OCSPNonce.oid, _ARCHIVE_CUTOFF)


class OcspError(ValueError):
    """An answer that cannot be used; the text says why, for logs."""


def build_request(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    nonce: bytes | None = None,
    sha1: bool = False,
) -> bytes:
    """Ask about one certificate (RFC 6960 4.1), DER. With `sha1` for responders that know no SHA-256 identifier.

    Answers that are shared and kept have no nonce (RFC 5019 2.1.1); their age is told by nextUpdate.
    """
    digest = hashes.SHA1() if sha1 else hashes.SHA256()  # noqa: S303 (an identifier, see above)
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, digest)
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(serialization.Encoding.DER)


def read(data: bytes) -> ocsp.OCSPResponse:
    """Read a successful answer about exactly one certificate. Raises OcspError."""
    if len(data) > LARGEST_ANSWER:
        raise OcspError("too large for an answer about one certificate")
    try:
        answer = ocsp.load_der_ocsp_response(data)
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise OcspError(f"the responder says {answer.response_status.name}")
        if len(list(answer.responses)) != 1:
            raise OcspError("the answer is not about exactly one certificate")
    except OcspError:
        raise
    except certificates.UNREADABLE as error:
        raise OcspError(f"not an OCSP answer: {error}") from error
    return answer


def check_answer(
    data: bytes,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    now: datetime,
    nonce: bytes | None = None,
) -> Listing:
    """Judge an answer that was just fetched (RFC 6960 3.2). `nonce` is what was asked with; many leave it out.

    Raises OcspError: about another certificate, wrongly signed, of another moment, another request's answer.
    """
    answer = read(data)
    listing = _usable(answer, certificate, issuer)
    if listing.this_update > now:
        raise OcspError("the answer is dated in the future")
    if listing.next_update is not None and listing.next_update < now:
        raise OcspError("the answer is stale")
    sent = _nonce_of(answer)
    if nonce is not None and sent is not None and not hmac.compare_digest(sent, nonce):
        raise OcspError("the answer is for another request")
    return listing


def supersedes(candidate: bytes, at_hand: bytes) -> bool:
    """Whether an answer may follow another about the same certificate: it is newer, or of the same time and worse.

    Both were judged. The same again, only signed anew, says nothing new.
    """
    return _rank(read(candidate)) > _rank(read(at_hand))


def _rank(answer: ocsp.OCSPResponse) -> tuple[datetime, bool, datetime]:
    revoked = answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
    return answer.this_update_utc, revoked, answer.next_update_utc or answer.this_update_utc


class OcspAnswers:
    """A fixed set of answers, asked about many certificates; who remembers what it says is the caller."""

    def __init__(self, answers: Iterable[ocsp.OCSPResponse]) -> None:
        self._answers: dict[int, list[ocsp.OCSPResponse]] = {}
        for answer in answers:
            self._answers.setdefault(answer.serial_number, []).append(answer)

    def __bool__(self) -> bool:
        return bool(self._answers)

    def listings(self, certificate: x509.Certificate, issuer: x509.Certificate) -> tuple[Listing, ...]:
        """What every usable answer says about the certificate that `issuer` issued."""
        found: list[Listing] = []
        for answer in self._answers.get(certificate.serial_number, ()):
            try:
                found.append(_usable(answer, certificate, issuer))
            except OcspError:
                continue
        return tuple(found)


def _usable(answer: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> Listing:
    try:
        _require_about(answer, certificate, issuer)
        _require_signature(answer, _responder(answer, issuer))
        _require_understood(answer)
        return _listing(answer, certificate)
    except OcspError:
        raise
    except certificates.UNREADABLE as error:
        raise OcspError(f"the answer has a part that cannot be read: {error}") from error


def _require_about(
    answer: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> None:
    """CertID: serial number, and digests of the issuer's name and key (RFC 6960 4.1.1)."""
    digest = _IDENTIFIERS.get(answer.hash_algorithm.name)
    if digest is None:
        raise OcspError(f"the certificate is named by {answer.hash_algorithm.name}")
    same = (
        answer.serial_number == certificate.serial_number
        and answer.issuer_name_hash == digest(certificate.issuer.public_bytes()).digest()
        and answer.issuer_key_hash == digest(_key_bits(issuer)).digest()
    )
    if not same or certificate.issuer != issuer.subject:
        raise OcspError("the answer is about another certificate")


def _responder(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> x509.Certificate:
    """Who signed: the issuer itself, or a responder appointed by it (RFC 6960 4.2.2.2)."""
    if _is_named(answer, issuer):
        return issuer
    for candidate in answer.certificates:
        if certificates.is_readable(candidate) and _is_named(answer, candidate):
            _require_appointed(candidate, issuer, at=answer.produced_at_utc)
            return candidate
    raise OcspError("the responder's certificate is missing")


def _is_named(answer: ocsp.OCSPResponse, candidate: x509.Certificate) -> bool:
    if answer.responder_name is not None:
        return answer.responder_name == candidate.subject
    if not certificates.has_quick_key(candidate):
        return False
    # RFC 6960 4.2.1: KeyHash is SHA-1 of the key's bits; an identifier again.
    return answer.responder_key_hash == _IDENTIFIERS["sha1"](_key_bits(candidate)).digest()


def _require_appointed(candidate: x509.Certificate, issuer: x509.Certificate, *, at: datetime) -> None:
    """Issued by that very issuer to sign OCSP answers, valid then, and free from the question of revocation."""
    extensions = candidate.extensions
    usages = [item.value for item in extensions if isinstance(item.value, x509.ExtendedKeyUsage)]
    if not usages or ExtendedKeyUsageOID.OCSP_SIGNING not in usages[0]:
        raise OcspError("the signer is not appointed to answer (extended key usage)")
    if not any(isinstance(item.value, x509.OCSPNoCheck) for item in extensions):
        # Nobody says whether the responder itself was revoked; asking would go round in circles.
        raise OcspError("the responder's certificate has no ocsp-nocheck")
    if not certificates.valid_at(candidate, at):
        raise OcspError("the responder's certificate was not valid when it answered")
    if candidate.signature_algorithm_oid not in certificates.SIGNATURE_ALGORITHMS:
        raise OcspError("the responder's certificate is signed with a weak algorithm")
    try:
        candidate.verify_directly_issued_by(issuer)
    except (*certificates.UNREADABLE, InvalidSignature) as error:
        raise OcspError("the responder was appointed by somebody else") from error


def _require_signature(answer: ocsp.OCSPResponse, responder: x509.Certificate) -> None:
    if answer.signature_algorithm_oid not in certificates.SIGNATURE_ALGORITHMS:
        raise OcspError("the answer is signed with a weak algorithm")
    if not certificates.has_strong_key(responder):
        raise OcspError("the responder's key is weak")
    key, digest = responder.public_key(), answer.signature_hash_algorithm
    if digest is None:
        raise OcspError("the answer does not say how it was signed")
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(digest))
        else:
            raise OcspError("the responder's key is of a kind that is not accepted")
    except InvalidSignature as error:
        raise OcspError("the answer's signature is wrong") from error


def _require_understood(answer: ocsp.OCSPResponse) -> None:
    for extension in (*answer.extensions, *answer.single_extensions):
        if extension.critical and extension.oid not in _UNDERSTOOD:
            raise OcspError(f"a critical extension that is not understood: {extension.oid.dotted_string}")


def _listing(answer: ocsp.OCSPResponse, certificate: x509.Certificate) -> Listing:
    status = answer.certificate_status
    if status is ocsp.OCSPCertStatus.UNKNOWN:
        raise OcspError("the responder does not know the certificate")
    this_update = answer.this_update_utc
    if status is ocsp.OCSPCertStatus.GOOD and not _reaches_back(answer, certificate):
        raise OcspError("the certificate had ended, and the responder keeps no record of it")
    return Listing(
        this_update=this_update,
        next_update=answer.next_update_utc,
        revoked_at=answer.revocation_time_utc if status is ocsp.OCSPCertStatus.REVOKED else None,
    )


def _reaches_back(answer: ocsp.OCSPResponse, certificate: x509.Certificate) -> bool:
    """Whether "good" still means something: ended certificates are forgotten unless the archive cutoff (RFC 6960
    4.4.4) says that answers reach back to their end.
    """
    if answer.this_update_utc <= certificate.not_valid_after_utc:
        return True
    for extension in answer.single_extensions:
        if extension.oid == _ARCHIVE_CUTOFF and isinstance(extension.value, x509.UnrecognizedExtension):
            cutoff: datetime = core.GeneralizedTime.load(extension.value.value, strict=True).native
            return cutoff <= certificate.not_valid_after_utc
    return False


def _nonce_of(answer: ocsp.OCSPResponse) -> bytes | None:
    for extension in answer.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            return extension.value.nonce
    return None


def _key_bits(certificate: x509.Certificate) -> bytes:
    """The bits of subjectPublicKey, without the algorithm around them (RFC 6960 4.1.1 issuerKeyHash)."""
    whole = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    contents: bytes = keys.PublicKeyInfo.load(whole)["public_key"].contents
    return contents[1:]  # the first byte counts unused bits
