"""Authorisation with a one-time code typed on our page (API 2.0 sections 11.6 to 11.9): the SAD covers the hashes.

A PIN is never taken: only what ends by itself may pass through this program.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocba.channels.csc.errors import UnusableAnswerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocba.channels.csc.credentials import Credential
    from hocba.channels.csc.profiles import Profile
    from hocba.channels.csc.transport import Answer, Caller

DEFAULT_SECONDS = 3600
"""How long a SAD lasts when the provider does not say (API 1.0.4 and 2.0, `expiresIn`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorised:
    """Signature activation data, or (while the person still decides elsewhere) a handle to ask again with."""

    sad: str = field(repr=False, default="")
    handle: str = field(repr=False, default="")
    seconds: int = DEFAULT_SECONDS


def send_code(caller: Caller, token: str, credential: str) -> None:
    """Have the provider send the one-time code. Raises CscError."""
    caller.post("credentials/sendOTP", {"credentialID": credential}, bearer=token)


def authorise(
    caller: Caller,
    token: str,
    credential: Credential,
    *,
    hashes: Sequence[bytes],
    code: str,
    description: str,
) -> Authorised:
    """Ask for activation data bound to these hashes. Raises CodeRefusedError, CscError."""
    asked: dict[str, object] = {
        "credentialID": credential.id,
        "numSignatures": len(hashes),
        "description": description,
        **hash_members(caller.profile, hashes),
    }
    if code and caller.profile.version == "1":
        asked["OTP"] = code
    elif code:
        asked["authData"] = [{"id": credential.code, "value": code}]
    return _authorised(caller.post("credentials/authorize", asked, bearer=token))


def check(caller: Caller, token: str, handle: str) -> Authorised:
    """Ask again for an authorisation that the person gives elsewhere. Raises CscError."""
    answer = caller.post("credentials/authorizeCheck", {"handle": handle}, bearer=token)
    if answer.status == 202 or "SAD" not in answer.members:
        return Authorised(handle=handle)
    return _authorised(answer)


def extend(caller: Caller, token: str, credential: str, *, sad: str, hashes: Sequence[bytes]) -> Authorised:
    """Change activation data that still hold for fresh ones over the same hashes. Raises CscError."""
    asked: dict[str, object] = {
        "credentialID": credential,
        "SAD": sad,
        **hash_members(caller.profile, hashes),
    }
    return _authorised(caller.post("credentials/extendTransaction", asked, bearer=token))


def hash_members(profile: Profile, hashes: Sequence[bytes]) -> dict[str, object]:
    """Hashes as JSON in the profile's version."""
    values = [b64encode(each).decode() for each in hashes]
    if profile.version == "1":
        return {"hash": values}
    return {"hashes": values, "hashAlgorithmOID": profile.hash_oid}


def _authorised(answer: Answer) -> Authorised:
    handle = answer.members.get("handle")
    if "SAD" not in answer.members and isinstance(handle, str) and handle:
        return Authorised(handle=handle)
    sad = answer.text("SAD")
    if len(sad) > 16_384:
        raise UnusableAnswerError("the SAD is too long")
    return Authorised(sad=sad, seconds=answer.seconds("expiresIn", DEFAULT_SECONDS))
