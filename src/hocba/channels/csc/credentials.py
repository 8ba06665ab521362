"""What a provider offers, and the certificates a person has there (API 2.0 sections 11.1, 11.4, 11.5)."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hocba.channels.csc.errors import UnusableAnswerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocba.channels.csc.transport import Answer, Caller

MOST_CREDENTIALS = 20
"""Of one person; each is asked about by itself."""
LARGEST_CERTIFICATE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What `info` says: the version spoken and the methods there are."""

    specs: str
    name: str
    methods: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key at the provider. Certificates are DER; `code` names the one-time code it asks for, if any.

    `asks_secret` says that it asks for a PIN or password, which this program never takes.
    """

    id: str
    certificate: bytes
    chain: tuple[bytes, ...]
    algorithms: frozenset[str]
    is_enabled: bool
    mode: str
    multisign: int
    scal: str
    code: str = ""
    asks_secret: bool = False


def info(caller: Caller) -> Offer:
    """What the provider says of itself. Raises CscError."""
    found = caller.post("info", {"lang": "vi-VN"})
    methods = found.members.get("methods")
    names = methods if isinstance(methods, list) else []
    return Offer(
        specs=found.text("specs"),
        name=str(found.members.get("name", ""))[:200],
        methods=frozenset(str(each) for each in names),
    )


def list_ids(caller: Caller, token: str, *, user_id: str = "") -> list[str]:
    """Ids of the person's credentials, the first few only. Raises CscError."""
    asked: dict[str, object] = {"maxResults": MOST_CREDENTIALS}
    if user_id:
        asked["userID"] = user_id
    found = caller.post("credentials/list", asked, bearer=token).members.get("credentialIDs")
    if not isinstance(found, list) or not all(isinstance(each, str) and each for each in found):
        raise UnusableAnswerError("the answer has no credentialIDs")
    return [each for each in found if len(each) <= 200][:MOST_CREDENTIALS]


def read(caller: Caller, token: str, credential: str) -> Credential:
    """One credential with its certificates. Raises CscError."""
    asked = {"credentialID": credential, "certificates": "chain", "certInfo": True, "authInfo": True}
    answer = caller.post("credentials/info", asked, bearer=token)
    members = answer.members
    key, cert = _table(members, "key"), _table(members, "cert")
    certificates = [_decoded(each) for each in _list(cert, "certificates")]
    if not certificates:
        raise UnusableAnswerError("the credential has no certificate")
    mode, code, asks_secret = _of_authorisation(answer)
    multisign = members.get("multisign", 1)
    return Credential(
        id=credential,
        certificate=certificates[0],
        chain=tuple(certificates[1:]),
        algorithms=frozenset(str(each) for each in _list(key, "algo")),
        is_enabled=key.get("status") == "enabled" and cert.get("status", "valid") == "valid",
        mode=mode,
        multisign=multisign if type(multisign) is int and multisign > 0 else 1,
        scal=str(members.get("SCAL", "1")),
        code=code,
        asks_secret=asks_secret,
    )


def _of_authorisation(answer: Answer) -> tuple[str, str, bool]:
    """Mode, the id of the one-time code, and whether a PIN is asked for, in either version's writing."""
    members = answer.members
    if "authMode" in members:  # 1.0.4, section 11.5
        code = "OTP" if _table(members, "OTP").get("presence") in {"true", "optional"} else ""
        return str(members["authMode"]), code, _table(members, "PIN").get("presence") == "true"
    auth = _table(members, "auth")
    objects = [each for each in _list(auth, "objects") if isinstance(each, dict)]
    codes = [str(each.get("id", "")) for each in objects if _is_one_time(each)]
    secrets = [each for each in objects if each.get("type") == "Password" and not _is_one_time(each)]
    return str(auth.get("mode", "")), codes[0] if codes else "", bool(secrets)


def _is_one_time(given: Mapping[str, Any]) -> bool:
    return "generator" in given or given.get("type") == "ChallengeResponse" or given.get("id") == "OTP"


def _table(members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = members.get(name)
    return value if isinstance(value, dict) else {}


def _list(members: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = members.get(name)
    return value[:20] if isinstance(value, list) else []


def _decoded(value: object) -> bytes:
    if not isinstance(value, str) or len(value) > LARGEST_CERTIFICATE:
        raise UnusableAnswerError("a certificate is not base64")
    try:
        return b64decode("".join(value.split()), validate=True)
    except (Base64Error, ValueError) as error:
        raise UnusableAnswerError("a certificate is not base64") from error
