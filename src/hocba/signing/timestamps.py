"""Time stamps of RFC 3161: ask for one, take it out of the answer, and read what it says.

Version 1, imprints of the digests in `digests`, and the signing-certificate-v2 attribute of RFC 5816. `parse`
checks the token in itself and gives what a judge needs: whether the unit was trusted, and still is, is asked by
`read` (a path to what is trusted, no revocation) or by `evidence.judging` (path, revocation, algorithms in time).
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from hocba.signing import algorithms, certificates, chains, digests
from hocba.signing.errors import SignatureMismatchError, TimestampError, UnsupportedKeyError

LONGEST_TOKEN = 64 * 1024
"""Bytes of a request, answer or token that are read at all."""

MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What asn1crypto raises, early or late, for octets that are not of the structure asked for."""

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True, slots=True)
class Timestamp:
    """What a token says: the digest existed at `at`, by the unit with this certificate.

    `embedded` are the certificates that came along; `relies_on` every digest algorithm whose strength it rests on.
    """

    at: datetime
    serial: int
    policy: str
    nonce: int | None
    certificate: x509.Certificate
    embedded: tuple[x509.Certificate, ...] = field(default=(), compare=False)
    relies_on: frozenset[str] = frozenset()


def build_request(message_digest: bytes, *, nonce: int, algorithm: str = "sha256") -> bytes:
    """Ask for a stamp of a digest, with the unit's certificate in the answer (RFC 3161 2.4.1)."""
    digests.require_digest(algorithm, message_digest)
    imprint = tsp.MessageImprint(
        {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": message_digest}
    )
    request = tsp.TimeStampReq(
        {"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    )
    return bytes(request.dump())


def read_request(request: bytes) -> tsp.TimeStampReq:
    """A request for a digest of the allow-list; raises TimestampError for anything else."""
    try:
        require_size(request)
        asked = tsp.TimeStampReq.load(request, strict=True)
        imprint = asked["message_imprint"]
        algorithm = str(imprint["hash_algorithm"]["algorithm"].native)
        if digests.SIZES.get(algorithm) != len(imprint["hashed_message"].native):
            raise TimestampError("only digests of SHA-256, SHA-384, SHA-512 and SHA-3 are stamped")
        _ = asked.native
    except MALFORMED as error:
        raise TimestampError("the time-stamp request is malformed") from error
    return asked


def token_of(response: bytes, *, request: bytes) -> bytes:
    """Take the token out of an answer, once it answers this very request (RFC 3161 2.2).

    Raises:
        TimestampError: refused by the unit, malformed, or for another digest or nonce.
    """
    asked = read_request(request)
    try:
        require_size(response)
        answer = _Answer.load(response, strict=True)
        status = answer["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            raise TimestampError(f"the time-stamp unit answered: {status}")
        token = answer["time_stamp_token"]
        info = token["content"]["encap_content_info"]["content"].parsed
        if not _same_imprint(info["message_imprint"], asked["message_imprint"]):
            raise TimestampError("the answer is for another request")
        if info["nonce"].native != asked["nonce"].native:
            raise TimestampError("the answer is for another request")
        return bytes(token.dump())
    except MALFORMED as error:
        raise TimestampError("the answer is malformed") from error


def parse(token: bytes, message_digest: bytes, *, algorithm: str = "sha256") -> Timestamp:
    """Check a token against a digest, and its signature against the certificate that it names and carries.

    Proves nothing yet: anybody can make such a token. Raises TimestampError.
    """
    return _guarded(token, message_digest, algorithm, ())


def read(
    token: bytes,
    message_digest: bytes,
    trusted: Sequence[x509.Certificate],
    *,
    algorithm: str = "sha256",
) -> Timestamp:
    """Check a token against a digest and trusted certificates (units, or authorities above them).

    Raises:
        TimestampError: malformed, for another digest, wrongly signed, or by a unit that is not trusted.
    """
    found = _guarded(token, message_digest, algorithm, trusted)
    finder = chains.ChainFinder(anchors=trusted, intermediates=())
    check, _ = finder.check(found.certificate, extra=found.embedded, at=found.at)
    if not check.passed:
        raise TimestampError("the time-stamp unit is not trusted")
    return found


def _guarded(
    token: bytes, message_digest: bytes, algorithm: str, more: Sequence[x509.Certificate]
) -> Timestamp:
    digests.require_digest(algorithm, message_digest)
    try:
        return _parse(token, message_digest, algorithm, more)
    except x509.ExtensionNotFound as error:
        raise TimestampError("the time stamp lacks something") from error
    except (*certificates.UNREADABLE, *MALFORMED) as error:
        raise TimestampError("the time stamp, or a certificate in it, is malformed") from error
    except (SignatureMismatchError, UnsupportedKeyError) as error:
        raise TimestampError("the time stamp is not signed by its unit's key") from error


def _parse(
    token: bytes, message_digest: bytes, algorithm: str, more: Sequence[x509.Certificate]
) -> Timestamp:
    require_size(token)
    signed = _signed_data(token)
    octets = signed["encap_content_info"]["content"].contents
    info = tsp.TSTInfo.load(octets, strict=True)
    imprint = info["message_imprint"]
    if info["version"].native != "v1" or imprint["hash_algorithm"]["algorithm"].native != algorithm:
        raise TimestampError(f"the time stamp is not of version 1 with {algorithm}")
    if not hmac.compare_digest(imprint["hashed_message"].native, message_digest):
        raise TimestampError("the time stamp is for other data")
    signer = signed["signer_infos"][0]
    embedded = [x509.load_der_x509_certificate(each.chosen.dump()) for each in signed["certificates"] or ()]
    attributes = _single_values(signer["signed_attrs"])
    certificate, named_by = _bound_certificate(attributes, [*embedded, *more])
    _require_same_signer(signer["sid"], certificate)
    signed_with = _require_signature(signer, attributes, octets, certificate)
    at = info["gen_time"].native
    _require_unit(certificate, at)
    return Timestamp(
        at,
        info["serial_number"].native,
        info["policy"].dotted,
        info["nonce"].native,
        certificate,
        tuple(embedded),
        frozenset({algorithm, named_by, signed_with}),
    )


def _signed_data(token: bytes) -> cms.SignedData:
    outer = cms.ContentInfo.load(token, strict=True)
    if outer["content_type"].native != "signed_data":
        raise TimestampError("the time stamp is no signed data")
    signed = outer["content"]
    if signed["encap_content_info"]["content_type"].native != "tst_info" or len(signed["signer_infos"]) != 1:
        raise TimestampError("the time stamp must hold one signature over one TSTInfo")
    return signed


def _single_values(signed_attributes: cms.CMSAttributes) -> dict[str, core.Asn1Value]:
    found: dict[str, core.Asn1Value] = {}
    for attribute in signed_attributes:
        kind = attribute["type"].native
        if kind in found or len(attribute["values"]) != 1:
            raise TimestampError("the time stamp repeats a signed attribute")
        found[kind] = attribute["values"][0]
    return found


def _bound_certificate(
    attributes: dict[str, core.Asn1Value], candidates: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, str]:
    """Find the certificate that the signed attribute names by digest (RFC 5816 2.2.1), and by which digest."""
    if "signing_certificate_v2" not in attributes:
        raise TimestampError("the time stamp does not name its unit's certificate by SHA-256 or better")
    named = attributes["signing_certificate_v2"]["certs"][0]
    algorithm = str(named["hash_algorithm"]["algorithm"].native)
    if algorithm not in digests.SIZES:
        raise TimestampError("the time stamp names its unit's certificate by a weak or unknown digest")
    for certificate in candidates:
        if digests.digest(algorithm, certificates.to_der(certificate)) == named["cert_hash"].native:
            return certificate, algorithm
    raise TimestampError("the unit's certificate is missing")


def _require_same_signer(identifier: cms.SignerIdentifier, certificate: x509.Certificate) -> None:
    if identifier.name == "issuer_and_serial_number":
        same_serial = identifier.chosen["serial_number"].native == certificate.serial_number
        if not same_serial or identifier.chosen["issuer"].dump() != certificate.issuer.public_bytes():
            raise TimestampError("the time stamp names two different signers")
    else:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        if identifier.chosen.native != extension.value.digest:
            raise TimestampError("the time stamp names two different signers")


def _require_signature(
    signer: cms.SignerInfo,
    attributes: dict[str, core.Asn1Value],
    octets: bytes,
    certificate: x509.Certificate,
) -> str:
    algorithm = str(signer["digest_algorithm"]["algorithm"].native)
    if algorithm not in _HASHES:
        raise TimestampError("the time stamp is not signed with SHA-256, SHA-384 or SHA-512")
    if signer["signature_algorithm"]["algorithm"].native not in (
        f"{algorithm}_rsa",
        "rsassa_pkcs1v15",
        f"{algorithm}_ecdsa",
    ):
        raise TimestampError("the time stamp is signed with another algorithm than is accepted")
    if attributes["content_type"].native != "tst_info":
        raise TimestampError("the time stamp's signature is for other content")
    if attributes["message_digest"].native != digests.digest(algorithm, octets):
        raise TimestampError("the time stamp was changed after signing")
    _verify(certificate, signer["signature"].native, signer["signed_attrs"].untag().dump(), algorithm)
    return algorithm


def _verify(certificate: x509.Certificate, signature: bytes, data: bytes, algorithm: str) -> None:
    key = algorithms.require_allowed(certificate)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), _HASHES[algorithm])
        else:
            key.verify(signature, data, ec.ECDSA(_HASHES[algorithm]))
    except InvalidSignature as error:
        raise SignatureMismatchError("the signature value does not fit token and certificate") from error


def _require_unit(certificate: x509.Certificate, at: datetime) -> None:
    """Ask RFC 3161 2.3 of the unit's certificate, and that it was valid when it stamped."""
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TimestampError("the certificate is not one of a time-stamp unit")
    if not certificates.valid_at(certificate, at):
        raise TimestampError("the unit's certificate was not valid at that time")


class _Answer(core.Sequence):  # type: ignore[misc]
    """A `TimeStampResp` as RFC 3161 has it: a refusal brings no token."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


def _same_imprint(one: tsp.MessageImprint, other: tsp.MessageImprint) -> bool:
    """Parameters of the algorithm may be absent or NULL (RFC 5754 2), so octets are not compared."""
    return bool(
        one["hash_algorithm"]["algorithm"].native == other["hash_algorithm"]["algorithm"].native
        and one["hashed_message"].native == other["hashed_message"].native
    )


def require_size(data: bytes) -> None:
    """Raises TimestampError for more bytes than are read."""
    if len(data) > LONGEST_TOKEN:
        raise TimestampError("too large for a time stamp")
