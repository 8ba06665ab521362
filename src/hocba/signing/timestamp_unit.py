"""A time-stamp unit: answers requests of RFC 3161 with a key at hand. For the simulator and the tests."""

from __future__ import annotations

from datetime import datetime

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from hocba.signing import certificates, digests, timestamps
from hocba.signing.errors import TimestampError
from hocba.signing.keys.pkcs12 import SoftwareKey

_SIGNED_WITH: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sha512": hashes.SHA512()}


def issue(
    request: bytes,
    *,
    key: SoftwareKey,
    policy: str,
    serial: int,
    at: datetime,
    signed_with: str = "sha256",
) -> bytes:
    """Answer a request as a time-stamp unit does (RFC 3161 2.4.2), with a `TimeStampResp`.

    `policy` is a dotted identifier, `serial` unique for the unit, `at` aware and cut to whole seconds;
    `signed_with` ("sha256", "sha512") is the digest of the unit's own signature.

    Raises:
        TimestampError: not a request, for a digest off the list, or for another policy.
    """
    asked = timestamps.read_request(request)
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
    token = _signed(info, key, signed_with, with_certificate=bool(asked["cert_req"].native))
    return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())


def _signed(info: bytes, key: SoftwareKey, signed_with: str, *, with_certificate: bool) -> cms.ContentInfo:
    der = certificates.to_der(key.certificate)
    certificate = asn1_x509.Certificate.load(der)
    named = tsp.ESSCertIDv2(
        {"hash_algorithm": {"algorithm": signed_with}, "cert_hash": digests.digest(signed_with, der)}
    )
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [digests.digest(signed_with, info)]},
            {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [named]})]},
        ]
    )
    is_rsa = isinstance(key.private_key, rsa.RSAPrivateKey)
    algorithm = algos.DigestAlgorithm({"algorithm": signed_with})
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                )
            }
        ),
        "digest_algorithm": algorithm,
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": f"{signed_with}_{'rsa' if is_rsa else 'ecdsa'}"},
        "signature": _sign(key, attributes.dump(), signed_with),
    }
    signed = {
        "version": "v3",
        "digest_algorithms": [algorithm],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
        "signer_infos": [signer],
    }
    if with_certificate:
        above = [asn1_x509.Certificate.load(certificates.to_der(each)) for each in key.chain]
        signed["certificates"] = [certificate, *above]
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


def _sign(key: SoftwareKey, data: bytes, signed_with: str) -> bytes:
    private_key = key.private_key
    if isinstance(private_key, rsa.RSAPrivateKey):
        return private_key.sign(data, padding.PKCS1v15(), _SIGNED_WITH[signed_with])
    return private_key.sign(data, ec.ECDSA(_SIGNED_WITH[signed_with]))
