"""The simulated provider's methods: Cloud Signature Consortium API 2.0.0.2, and 1.0.4.0 below /csc/v1."""

from __future__ import annotations

import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding

from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.simulators.remote_signing_grants import PREFIX, Grants, Permit, RefusedError

SHA256 = "2.16.840.1.101.3.4.2.1"
_RSA = ["1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1"]
_ECDSA = ["1.2.840.10045.4.3.2"]

Members = dict[str, Any]


class LostError(Exception):
    """The work is done and the answer is lost."""


def call(grants: Grants, version: int, method: str, asked: Members, token: str) -> tuple[int, Members]:
    """Answer one call. Raises RefusedError, LostError."""
    if method == "info":
        return 200, _info(version)
    found = _METHODS.get(method)
    if found is None:
        raise RefusedError("invalid_request", "no such method", status=404)
    permit = grants.permit_of(token)
    return found(grants, asked, permit, version, token)


def _info(version: int) -> Members:
    return {
        "specs": "2.0.0.2" if version == 2 else "1.0.4.0",
        "name": "Nhà cung cấp ký số từ xa (mô phỏng)",
        "region": "VN",
        "lang": "vi-VN",
        "authType": ["oauth2code", "oauth2client"],
        "methods": sorted(_METHODS),
    }


def _list(grants: Grants, asked: Members, permit: Permit, version: int, token: str) -> tuple[int, Members]:
    account = permit.account or str(asked.get("userID", "")).upper()
    if permit.account and "userID" in asked:
        raise RefusedError("invalid_request", "userID is not allowed here")
    return 200, {"credentialIDs": [PREFIX + account] if grants.find_key(account) else []}


def _read(grants: Grants, asked: Members, permit: Permit, version: int, token: str) -> tuple[int, Members]:
    credential = _own(asked, permit)
    key = grants.key_of(credential)
    certificates = [key.certificate, *key.chain]
    algorithms = _RSA if isinstance(key.private_key, rsa.RSAPrivateKey) else _ECDSA
    found: Members = {
        "key": {"status": "enabled", "algo": algorithms, "len": key.private_key.key_size},
        "cert": {
            "status": "valid",
            "certificates": [b64encode(each.public_bytes(Encoding.DER)).decode() for each in certificates],
        },
        "SCAL": "2",
        "multisign": grants.faults.multisign,
    }
    pin = grants.faults.asks_pin
    if version == 1:
        present = {"presence": "true" if pin else "false"}
        return 200, found | {"authMode": "explicit", "PIN": present, "OTP": {"presence": "true"}}
    objects = [{"type": "Password", "id": "OTP", "format": "N", "generator": "totp", "label": "Mã OTP"}]
    if pin:
        objects.append({"type": "Password", "id": "PIN", "format": "N", "label": "PIN"})
    return 200, found | {"auth": {"mode": "explicit", "expression": "OTP", "objects": objects}}


def _send(grants: Grants, asked: Members, permit: Permit, version: int, token: str) -> tuple[int, Members]:
    credential = _own(asked, permit)
    grants.key_of(credential)
    with grants.lock:
        grants.one_time[credential.removeprefix(PREFIX)] = f"{secrets.randbelow(10**6):06}"
    return 204, {}


def _authorise(
    grants: Grants, asked: Members, permit: Permit, version: int, token: str
) -> tuple[int, Members]:
    credential = _own(asked, permit)
    account = credential.removeprefix(PREFIX)
    given = asked.get("OTP") if version == 1 else {d["id"]: d["value"] for d in asked["authData"]}.get("OTP")
    with grants.lock:
        known = grants.one_time.get(account)
        if known is None or given != known:
            raise RefusedError("invalid_otp", "The OTP is invalid")
        del grants.one_time[account]
    wanted = frozenset(_hashes(asked))
    if not len(wanted) <= asked.get("numSignatures", 0) <= grants.faults.multisign:
        raise RefusedError("invalid_request", "Numbers of signatures is too high")
    life = grants.faults.sad_life
    found = Permit(
        account=account, scope="sad", ends=grants.clock() + life, credential=credential, hashes=wanted
    )
    if grants.faults.waits:
        handle = secrets.token_urlsafe(16)
        with grants.lock:
            grants.waiting[handle] = (found, grants.faults.waits)
        return 202, {"handle": handle}
    return 200, {"SAD": grants.issue(found), "expiresIn": int(life.total_seconds())}


def _check(grants: Grants, asked: Members, permit: Permit, version: int, token: str) -> tuple[int, Members]:
    with grants.lock:
        found, left = grants.waiting.pop(str(asked.get("handle")), (None, 0))
        if found is None:
            raise RefusedError("invalid_request", "Invalid parameter handle")
        if left > 1:
            grants.waiting[str(asked["handle"])] = (found, left - 1)
            return 202, {}
    return 200, {"SAD": grants.issue(found), "expiresIn": int(grants.faults.sad_life.total_seconds())}


def _extend(grants: Grants, asked: Members, permit: Permit, version: int, token: str) -> tuple[int, Members]:
    sad = str(asked.get("SAD", ""))
    old = _activation(grants, sad)
    if not set(_hashes(asked)) <= old.hashes:
        raise RefusedError("invalid_request", "Hash is not authorized by the SAD")
    grants.revoke(sad)
    life = grants.faults.sad_life
    fresh = Permit(
        account=old.account,
        scope="sad",
        ends=grants.clock() + life,
        credential=old.credential,
        hashes=old.hashes,
        used=old.used,
    )
    return 200, {"SAD": grants.issue(fresh), "expiresIn": int(life.total_seconds())}


def _sign(grants: Grants, asked: Members, permit: Permit, version: int, token: str) -> tuple[int, Members]:
    faults = grants.faults
    time.sleep(faults.slow)
    if faults.refuse:
        raise RefusedError("access_denied", status=403)
    activation = permit if permit.scope == "credential" else _activation(grants, str(asked.get("SAD", "")))
    if activation.credential != asked.get("credentialID"):
        raise RefusedError("invalid_request", "Invalid parameter credentialID")
    oid = asked.get("hashAlgo") if version == 1 else asked.get("hashAlgorithmOID")
    key, wanted = grants.key_of(activation.credential), _hashes(asked)
    algorithms = _RSA if isinstance(key.private_key, rsa.RSAPrivateKey) else _ECDSA
    if oid != SHA256 or asked.get("signAlgo") not in algorithms:
        raise RefusedError("invalid_request", "Invalid parameter signAlgo")
    with grants.lock:
        if not set(wanted) <= activation.hashes or (faults.once and activation.used & set(wanted)):
            raise RefusedError("invalid_request", "Hash is not authorized by the SAD")
        activation.used |= set(wanted)
    signatures = [b64encode(_signed(key, b64decode(each), grants)).decode() for each in wanted]
    with grants.lock:
        if faults.lose:
            faults.lose -= 1
            raise LostError
    return 200, {"signatures": signatures[:-1] if faults.fewer else signatures}


def _signed(key: SoftwareKey, digest: bytes, grants: Grants) -> bytes:
    if grants.faults.other_hash:
        digest = bytes(reversed(digest))
    private = key.private_key
    if grants.faults.other_key:
        private = ec.generate_private_key(ec.SECP256R1())
    prehashed = utils.Prehashed(hashes.SHA256())
    if isinstance(private, rsa.RSAPrivateKey):
        return private.sign(digest, padding.PKCS1v15(), prehashed)
    return private.sign(digest, ec.ECDSA(prehashed))


def _activation(grants: Grants, sad: str) -> Permit:
    try:
        found = grants.permit_of(sad)
    except RefusedError as error:
        raise RefusedError("invalid_request", "SAD expired") from error
    if found.scope == "service":
        raise RefusedError("invalid_request", "Invalid parameter SAD")
    return found


def _own(asked: Members, permit: Permit) -> str:
    """The credential asked about, which must be the token's own person's where it names one."""
    credential = str(asked.get("credentialID", ""))
    if permit.account and credential != PREFIX + permit.account:
        raise RefusedError("access_denied", status=403)
    return credential


def _hashes(asked: Members) -> list[str]:
    found = asked.get("hashes") or asked.get("hash") or []
    if not isinstance(found, list) or not found or any(len(b64decode(each)) != 32 for each in found):
        raise RefusedError("invalid_request", "Invalid parameter hashes")
    return found


_METHODS: dict[str, Callable[[Grants, Members, Permit, int, str], tuple[int, Members]]] = {
    "credentials/list": _list,
    "credentials/info": _read,
    "credentials/sendOTP": _send,
    "credentials/authorize": _authorise,
    "credentials/authorizeCheck": _check,
    "credentials/extendTransaction": _extend,
    "signatures/signHash": _sign,
}
