"""Time stamps of RFC 3161: ask for one, issue one (the simulated unit), and prove a time with one.

Only SHA-256 imprints, version 1, and the signing-certificate-v2 attribute of RFC 5816. No revocation here:
`read` gives the unit's certificate, and the caller asks the revocation lists about it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from hocba.signing import algorithms, certificates, chains
from hocba.signing.errors import SignatureMismatchError, TimestampError, UnsupportedKeyError
from hocba.signing.keys.api import SigningKey

LONGEST_TOKEN = 64 * 1024
"""Bytes of a request, answer or token that are read at all."""
DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class Timestamp:
    """What a token proves: the digest existed at `at`, says the unit with this certificate."""

    at: datetime
    serial: int
    policy: str
    nonce: int | None
    certificate: x509.Certificate


def build_request(message_digest: bytes, *, nonce: int) -> bytes:
    """Ask for a stamp of a SHA-256 digest, with the unit's certificate in the answer (RFC 3161 2.4.1)."""
    _require_digest(message_digest)
    request = tsp.TimeStampReq(
        {"version": "v1", "message_imprint": _imprint(message_digest), "nonce": nonce, "cert_req": True}
    )
    return bytes(request.dump())


def issue(request: bytes, *, key: SigningKey, policy: str, serial: int, at: datetime) -> bytes:
    """Answer a request as a time-stamp unit does (RFC 3161 2.4.2), with a `TimeStampResp`.

    `policy` is a dotted identifier, `serial` unique for the unit, `at` aware and cut to whole seconds.

    Raises:
        TimestampError: not a request, not for a SHA-256 digest, or for another policy.
    """
    asked = _read_request(request)
    if asked["req_policy"].native not in (None, policy):
        raise TimestampError("another time-stamp policy was asked for")
    content = {
        "version": "v1",
        "policy": policy,
        "message_imprint": asked["message_imprint"],
        "serial_number": serial,
        "gen_time": at.replace(microsecond=0),
        "accuracy": {"seconds": 1},
    }
    if asked["nonce"].native is not None:
        content["nonce"] = asked["nonce"]
    info = bytes(tsp.TSTInfo(content).dump())
    token = _signed(info, key, with_certificate=bool(asked["cert_req"].native))
    return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())


def token_of(response: bytes, *, request: bytes) -> bytes:
    """Take the token out of an answer, once it answers this very request (RFC 3161 2.2).

    Raises:
        TimestampError: refused by the unit, malformed, or for another digest or nonce.
    """
    asked = _read_request(request)
    try:
        _require_size(response)
        answer = _Answer.load(response, strict=True)
        status = answer["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            raise TimestampError(f"the time-stamp unit answered: {status}")
        token = answer["time_stamp_token"]
        info = token["content"]["encap_content_info"]["content"].parsed
        same = info["message_imprint"].dump() == asked["message_imprint"].dump()
        if not same or info["nonce"].native != asked["nonce"].native:
            raise TimestampError("the answer is for another request")
        return bytes(token.dump())
    except (ValueError, TypeError, KeyError) as error:
        raise TimestampError("the answer is malformed") from error


def read(token: bytes, message_digest: bytes, trusted: Sequence[x509.Certificate]) -> Timestamp:
    """Check a token against a SHA-256 digest and trusted certificates (units, or authorities above them).

    Raises:
        TimestampError: malformed, for another digest, wrongly signed, or by a unit that is not trusted.
    """
    _require_digest(message_digest)
    try:
        return _read(token, message_digest, trusted)
    except (KeyError, x509.ExtensionNotFound) as error:
        raise TimestampError("the time stamp lacks something") from error
    except certificates.UNREADABLE as error:
        raise TimestampError("the time stamp, or a certificate in it, is malformed") from error
    except (SignatureMismatchError, UnsupportedKeyError) as error:
        raise TimestampError("the time stamp is not signed by its unit's key") from error


def _read(token: bytes, message_digest: bytes, trusted: Sequence[x509.Certificate]) -> Timestamp:
    _require_size(token)
    signed = _signed_data(token)
    octets = signed["encap_content_info"]["content"].contents
    info = tsp.TSTInfo.load(octets, strict=True)
    imprint = info["message_imprint"]
    if info["version"].native != "v1" or imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise TimestampError("the time stamp is not of version 1 with SHA-256")
    if not hmac.compare_digest(imprint["hashed_message"].native, message_digest):
        raise TimestampError("the time stamp is for other data")
    signer = signed["signer_infos"][0]
    embedded = [x509.load_der_x509_certificate(each.chosen.dump()) for each in signed["certificates"] or ()]
    attributes = _single_values(signer["signed_attrs"])
    certificate = _bound_certificate(attributes, [*embedded, *trusted])
    _require_same_signer(signer["sid"], certificate)
    _require_signature(signer, attributes, octets, certificate)
    at = info["gen_time"].native
    _require_unit(certificate, embedded, trusted, at)
    return Timestamp(
        at, info["serial_number"].native, info["policy"].dotted, info["nonce"].native, certificate
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
) -> x509.Certificate:
    """Find the certificate that the signed attribute names by its SHA-256 (RFC 5816 2.2.1)."""
    if "signing_certificate_v2" not in attributes:
        raise TimestampError("the time stamp does not name its unit's certificate by SHA-256")
    named = attributes["signing_certificate_v2"]["certs"][0]
    if named["hash_algorithm"]["algorithm"].native != "sha256":
        raise TimestampError("the time stamp names its unit's certificate by another digest than SHA-256")
    for certificate in candidates:
        if certificates.fingerprint(certificate) == named["cert_hash"].native.hex():
            return certificate
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
) -> None:
    if signer["digest_algorithm"]["algorithm"].native != "sha256":
        raise TimestampError("the time stamp is not signed with SHA-256")
    if signer["signature_algorithm"]["algorithm"].native not in _ACCEPTED_SIGNATURES:
        raise TimestampError("the time stamp is signed with another algorithm than is accepted")
    if attributes["content_type"].native != "tst_info":
        raise TimestampError("the time stamp's signature is for other content")
    if attributes["message_digest"].native != hashlib.sha256(octets).digest():
        raise TimestampError("the time stamp was changed after signing")
    algorithms.verify_raw(certificate, signer["signature"].native, signer["signed_attrs"].untag().dump())


def _require_unit(
    certificate: x509.Certificate,
    embedded: Sequence[x509.Certificate],
    trusted: Sequence[x509.Certificate],
    at: datetime,
) -> None:
    """Ask RFC 3161 2.3 of the unit's certificate, and a path to what is trusted."""
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TimestampError("the certificate is not one of a time-stamp unit")
    if not certificates.valid_at(certificate, at):
        raise TimestampError("the unit's certificate was not valid at that time")
    finder = chains.ChainFinder(anchors=trusted, intermediates=())
    found, _ = finder.check(certificate, extra=embedded, at=at)
    if not found.passed:
        raise TimestampError("the time-stamp unit is not trusted")


def _signed(info: bytes, key: SigningKey, *, with_certificate: bool) -> cms.ContentInfo:
    der = certificates.to_der(key.certificate)
    certificate = asn1_x509.Certificate.load(der)
    named = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(der).digest()})
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.sha256(info).digest()]},
            {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [named]})]},
        ]
    )
    is_rsa = isinstance(key.certificate.public_key(), rsa.RSAPublicKey)
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                )
            }
        ),
        "digest_algorithm": digest,
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_rsa" if is_rsa else "sha256_ecdsa"},
        "signature": key.sign(attributes.dump()),
    }
    signed = {
        "version": "v3",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
        "signer_infos": [signer],
    }
    if with_certificate:
        above = [asn1_x509.Certificate.load(certificates.to_der(each)) for each in key.chain]
        signed["certificates"] = [certificate, *above]
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


class _Answer(core.Sequence):  # type: ignore[misc]
    """A `TimeStampResp` as RFC 3161 has it: a refusal brings no token."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


_ACCEPTED_SIGNATURES = ("sha256_rsa", "rsassa_pkcs1v15", "sha256_ecdsa")


def _read_request(request: bytes) -> tsp.TimeStampReq:
    try:
        _require_size(request)
        asked = tsp.TimeStampReq.load(request, strict=True)
        imprint = asked["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        if algorithm != "sha256" or len(imprint["hashed_message"].native) != DIGEST_BYTES:
            raise TimestampError("only SHA-256 digests are stamped")
        _ = asked.native
    except (ValueError, TypeError, KeyError) as error:
        raise TimestampError("the time-stamp request is malformed") from error
    return asked


def _imprint(message_digest: bytes) -> tsp.MessageImprint:
    return tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": message_digest})


def _require_digest(message_digest: bytes) -> None:
    if len(message_digest) != DIGEST_BYTES:
        raise ValueError("a SHA-256 digest has 32 bytes")


def _require_size(data: bytes) -> None:
    if len(data) > LONGEST_TOKEN:
        raise TimestampError("too large for a time stamp")
