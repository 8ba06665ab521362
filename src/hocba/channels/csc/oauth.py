"""Authorisation on the provider's own pages: OAuth 2.0 code with PKCE (API 2.0 section 8.4; RFC 6749, 7636, 9126).

The credential's scope names how many signatures, and the hashes themselves: the token that comes back signs nothing
else (SCAL2).
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from hocba.channels.csc.errors import CscError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocba.channels.csc.profiles import Profile
    from hocba.channels.csc.transport import Caller

SERVICE = "service"
CREDENTIAL = "credential"
DEFAULT_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One authorisation that a person is asked for. `hashes` are raw SHA-256 values, for the scope of a credential."""

    redirect_uri: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)
    scope: str = SERVICE
    credential: str = ""
    hashes: Sequence[bytes] = ()
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A token and how many seconds it lasts."""

    token: str = field(repr=False)
    seconds: int


def new_secret() -> str:
    """A PKCE verifier or a state: 43 letters of 256 random bits (RFC 7636 section 4.1)."""
    return secrets.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """The S256 challenge (RFC 7636 section 4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def address(caller: Caller, asked: Asked) -> str:
    """Where to send the person. With pushed requests the provider is told first. Raises CscError."""
    profile = caller.profile
    fields = parameters(profile, asked)
    if profile.pushed:
        pushed = caller.post_form("pushed_authorize", fields).text("request_uri")
        fields = {"client_id": profile.client_id, "request_uri": pushed}
    return f"{profile.oauth_url}/authorize?{urlencode(fields)}"


def parameters(profile: Profile, asked: Asked) -> dict[str, str]:
    """The request of an authorisation, as the API names its parts in the profile's version."""
    found = {
        "response_type": "code",
        "client_id": profile.client_id,
        "redirect_uri": asked.redirect_uri,
        "scope": asked.scope,
        "code_challenge": challenge_of(asked.verifier),
        "code_challenge_method": "S256",
        "state": asked.state,
        "lang": "vi-VN",
    }
    if asked.scope == CREDENTIAL:
        is_first = profile.version == "1"
        found["credentialID"] = asked.credential
        found["numSignatures"] = str(len(asked.hashes))
        # Standard letters would need escaping in addresses; both versions ask for base64url here.
        found["hash" if is_first else "hashes"] = ",".join(
            urlsafe_b64encode(each).decode() for each in asked.hashes
        )
        if not is_first:
            found["hashAlgorithmOID"] = profile.hash_oid
        if asked.description:
            found["description"] = asked.description
    return found


def exchange(caller: Caller, *, code: str, asked: Asked) -> Grant:
    """Give the code, and the verifier that only we know, for a token. Raises CscError."""
    return _grant(
        caller,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": asked.redirect_uri,
            "code_verifier": asked.verifier,
        },
    )


def as_client(caller: Caller) -> Grant:
    """A token of ours alone, where the provider lets clients list credentials. Raises CscError."""
    return _grant(caller, {"grant_type": "client_credentials", "scope": SERVICE})


def revoke(caller: Caller, token: str) -> bool:
    """Give a token back (RFC 7009); False when the provider did not take it, which hurts nobody: it ends by itself."""
    try:
        caller.post_form("revoke", {"token": token, "token_type_hint": "access_token"})
    except CscError:
        return False
    return True


def _grant(caller: Caller, fields: Mapping[str, str]) -> Grant:
    answer = caller.post_form("token", fields)
    return Grant(token=answer.text("access_token"), seconds=answer.seconds("expires_in", DEFAULT_SECONDS))
