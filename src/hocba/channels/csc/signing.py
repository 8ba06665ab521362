"""`signatures/signHash` (API 2.0 section 11.10): hashes in, raw signature values out, in the same order."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography import x509

from hocba.channels.csc.authorisation import hash_members
from hocba.channels.csc.errors import UnusableAnswerError
from hocba.channels.csc.profiles import RSA, RSA_SHA256
from hocba.signing import algorithms, certificates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocba.channels.csc.credentials import Credential
    from hocba.channels.csc.profiles import Profile
    from hocba.channels.csc.transport import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """What a call signs with: a token, and activation data where they are not the token itself."""

    token: str = field(repr=False)
    sad: str = field(repr=False, default="")


def sign_hashes(
    caller: Caller, permit: Permit, *, credential: str, certificate: bytes, hashes: Sequence[bytes]
) -> list[bytes]:
    """Sign SHA-256 values: RSA PKCS#1 v1.5 over their DigestInfo, or ECDSA as DER, one value for each hash.

    Nothing is verified here: whoever stores a value verifies it first. Raises CscError.
    """
    profile = caller.profile
    is_elliptic = certificates.has_elliptic_key(x509.load_der_x509_certificate(certificate))
    asked: dict[str, object] = {
        "credentialID": credential,
        "signAlgo": profile.ecdsa_oid if is_elliptic else profile.rsa_oid,
        **hash_members(profile, hashes),
    }
    if profile.version == "1":
        asked["hashAlgo"] = profile.hash_oid
    else:
        asked["operationMode"] = "S"
    if permit.sad or profile.sad_in_body:
        asked["SAD"] = permit.sad or permit.token
    answer = caller.post("signatures/signHash", asked, bearer=permit.token)
    values = answer.members.get("signatures")
    if not isinstance(values, list) or len(values) != len(hashes):
        raise UnusableAnswerError("there is not one signature for each hash")
    return [_normal(_decoded(each), is_elliptic=is_elliptic, profile=profile) for each in values]


def fits(profile: Profile, credential: Credential, *, is_elliptic: bool) -> bool:
    """Whether the credential says that it makes the signatures we ask for; one that says nothing may."""
    wanted = {profile.ecdsa_oid} if is_elliptic else {profile.rsa_oid, RSA, RSA_SHA256}
    return not credential.algorithms or bool(credential.algorithms & wanted)


def _decoded(value: object) -> bytes:
    if not isinstance(value, str) or len(value) > 4096:
        raise UnusableAnswerError("a signature is not base64")
    try:
        return b64decode("".join(value.split()), validate=True)
    except (Base64Error, ValueError) as error:
        raise UnusableAnswerError("a signature is not base64") from error


def _normal(value: bytes, *, is_elliptic: bool, profile: Profile) -> bytes:
    """ECDSA as DER; some providers give r and s as they are."""
    if not (is_elliptic and profile.raw_ecdsa):
        return value
    if len(value) != 64:
        raise UnusableAnswerError("a signature is not r and s of P-256")
    return algorithms.ecdsa_der_from_raw(value)
