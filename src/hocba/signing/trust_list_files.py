"""Trust lists as files: a JSON document, and beside it the raw signature of a pinned signer.

The signature is over the very octets of the file, with SHA-256 (RSA PKCS#1 v1.5 or ECDSA), so that anybody checks
it with `openssl dgst -sha256 -verify signer.pub -signature trust-list.sig trust-list.json`.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hocba.signing import algorithms, certificates, instants
from hocba.signing.errors import SigningError
from hocba.signing.trust_list import (
    Authority,
    AuthorityClass,
    Purpose,
    Standing,
    StatusChange,
    TrustList,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography import x509

TYPE = "trust-list"
FORMAT = 1
LARGEST_LIST = 4 * 1024 * 1024
"""Bytes; a national list of some dozens of authorities has well under a tenth of it."""
MOST_AUTHORITIES = 500
LONGEST_TEXT = 500

_FIELDS = {"type", "format", "version", "issuer", "issued_at", "next_update", "authorities"}
_AUTHORITY_FIELDS = {"name", "class", "purposes", "certificates", "status", "crls", "ocsp"}


class TrustListError(ValueError):
    """A trust list that cannot be used; the text says why."""


class UnsignedTrustListError(TrustListError):
    """Nobody whom we pinned signed this list."""


def read_signed(data: bytes, signature: bytes, signers: Iterable[x509.Certificate]) -> TrustList:
    """Read a list that one of the pinned `signers` signed. Raises UnsignedTrustListError, TrustListError.

    Pinned means trusted for this by itself: no path and no validity is asked of it.
    """
    for signer in signers:
        try:
            algorithms.verify_raw(signer, signature, data)
        except SigningError:
            continue
        return read(data)
    raise UnsignedTrustListError("not signed by a signer that is configured for trust lists")


def is_trust_list(data: bytes) -> bool:
    """Whether a JSON file says that it is a trust list."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.get("type") == TYPE


def read(data: bytes) -> TrustList:
    """Read a list without asking who signed it. Raises TrustListError."""
    if len(data) > LARGEST_LIST:
        raise TrustListError("larger than any trust list")
    try:
        document = json.loads(data)
        _require_fields(document, _FIELDS)
        if (document["type"], document["format"]) != (TYPE, FORMAT):
            raise TrustListError(f"not a trust list of format {FORMAT}")
        version, listed = document["version"], document["authorities"]
        if type(version) is not int or not 0 < version < 2**31:
            raise TrustListError("version must be a whole number from 1")
        if not isinstance(listed, list) or not 0 < len(listed) <= MOST_AUTHORITIES:
            raise TrustListError(f"must hold 1 to {MOST_AUTHORITIES} authorities")
        found = TrustList(
            version=version,
            issuer=_text(document["issuer"]),
            issued_at=_instant(document["issued_at"]),
            next_update=_instant(document["next_update"]),
            authorities=tuple(map(_authority, listed)),
        )
    except TrustListError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TrustListError(f"not a trust list: {error}") from error
    _require_sense(found)
    return found


def write(trust_list: TrustList) -> bytes:
    """The file's octets, the same every time."""
    document = {
        "type": TYPE,
        "format": FORMAT,
        "version": trust_list.version,
        "issuer": trust_list.issuer,
        "issued_at": instants.iso(trust_list.issued_at),
        "next_update": instants.iso(trust_list.next_update),
        "authorities": [_plain(authority) for authority in trust_list.authorities],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _plain(authority: Authority) -> dict[str, Any]:
    return {
        "name": authority.name,
        "class": authority.authority_class.value,
        "purposes": sorted(authority.purposes),
        "certificates": [
            base64.b64encode(certificates.to_der(item)).decode() for item in authority.certificates
        ],
        "status": [
            {"standing": item.standing.value, "since": instants.iso(item.since)} for item in authority.history
        ],
        "crls": list(authority.crls),
        "ocsp": list(authority.ocsp),
    }


def _authority(item: Any) -> Authority:
    _require_fields(item, _AUTHORITY_FIELDS)
    history = tuple(
        StatusChange(standing=Standing(change["standing"]), since=_instant(change["since"]))
        for change in item["status"]
    )
    return Authority(
        name=_text(item["name"]),
        authority_class=AuthorityClass(item["class"]),
        purposes=frozenset(map(Purpose, item["purposes"])),
        certificates=tuple(map(_certificate, item["certificates"])),
        history=history,
        crls=tuple(map(_address, item["crls"])),
        ocsp=tuple(map(_address, item["ocsp"])),
    )


def _require_sense(found: TrustList) -> None:
    if found.next_update <= found.issued_at:
        raise TrustListError("next_update must be after issued_at")
    seen: set[str] = set()
    for authority in found.authorities:
        moments = [change.since for change in authority.history]
        if not moments or moments != sorted(set(moments)):
            raise TrustListError(f"{authority.name}: status must be in the order of time")
        if authority.history[0].standing is not Standing.GRANTED:
            raise TrustListError(f"{authority.name}: status must begin with a grant")
        if not authority.certificates:
            raise TrustListError(f"{authority.name}: without a certificate")
        for item in authority.certificates:
            if certificates.fingerprint(item) in seen:
                raise TrustListError(f"{authority.name}: a certificate is listed twice")
            seen.add(certificates.fingerprint(item))


def _certificate(text: Any) -> x509.Certificate:
    certificate = certificates.load(base64.b64decode(_text(text, longest=16_000), validate=True))
    if not certificates.is_readable(certificate) or not certificates.is_authority(certificate):
        raise TrustListError("a certificate that is not one of an authority")
    return certificate


def _address(text: Any) -> str:
    parts = urlsplit(_text(text))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise TrustListError(f"not an http address: {text}")
    return str(text)


def _require_fields(item: Any, fields: set[str]) -> None:
    if not isinstance(item, dict) or set(item) != fields:
        raise TrustListError(f"must have exactly the fields {', '.join(sorted(fields))}")


def _text(value: Any, *, longest: int = LONGEST_TEXT) -> str:
    if not isinstance(value, str) or not value or len(value) > longest:
        raise TrustListError(f"expected a text of at most {longest} characters")
    return value


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(_text(value))
    if instant.tzinfo is None:
        raise TrustListError(f"an instant needs its offset: {value!r}")
    return instant
