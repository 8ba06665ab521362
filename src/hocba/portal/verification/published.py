"""What the city publishes, fetched when the copy is old and used as it is when the city does not answer."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hocba.exchange import messages
from hocba.platform.messages import client
from hocba.platform.messages import ports
from hocba.portal.verification.models import PublishedCopy

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.documents.transcript import Digest

FRESH = timedelta(minutes=10)
# A copy older than this is no longer evidence: a revocation would go unnoticed.
USABLE = timedelta(hours=24)


class CityUnreachableError(Exception):
    """The city does not answer and there is no usable copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What the register says about a file."""

    status: messages.RegisterStatus
    entry: messages.RegisterEntry


def trust_files(*, at: datetime) -> dict[str, bytes]:
    """Trust anchors and revocation lists as files by name. Raises CityUnreachableError."""
    bundle = messages.from_bytes(messages.TrustBundle, _body("trust", "/exchange/v1/trust", at=at))
    files = {f"anchor-{number}.pem": pem.encode() for number, pem in enumerate(bundle.anchors)}
    return files | {f"list-{number}.crl": base64.b64decode(crl) for number, crl in enumerate(bundle.crls)}


def register_file(school_code: str, *, at: datetime) -> bytes:
    """The approved certificates of a school. Raises CityUnreachableError."""
    return _body(f"register:{school_code}", f"/exchange/v1/schools/{school_code}/certificates", at=at)


def registered(
    transcript_id: str, version: int, *, xml: Digest | None, pdf: Digest | None, at: datetime
) -> Registered:
    """Ask the register about a transcript; never from a copy. Raises CityUnreachableError."""
    path = f"/exchange/v1/register/{transcript_id}/versions/{version}"
    query = "&".join(f"{name}={digest.value}" for name, digest in (("xml", xml), ("pdf", pdf)) if digest)
    entry = messages.from_bytes(messages.RegisterEntry, _fetch(f"{path}?{query}", at=at))
    return Registered(status=entry.status, entry=entry)


def _body(name: str, path: str, *, at: datetime) -> bytes:
    copy = PublishedCopy.objects.filter(name=name).first()
    if copy and at - copy.fetched_at < FRESH:
        return bytes(copy.body)
    try:
        body = _fetch(path, at=at)
    except CityUnreachableError:
        if copy and at - copy.fetched_at < USABLE:
            return bytes(copy.body)
        raise
    PublishedCopy.objects.update_or_create(name=name, defaults={"body": body, "fetched_at": at})
    return body


def _fetch(path: str, *, at: datetime) -> bytes:
    try:
        _, answer = client.exchange(side="city", method="GET", path=path, body=b"", headers={}, at=at)
    except (client.UnreachableError, ports.SignatureRefusedError) as error:
        raise CityUnreachableError(str(error)) from error
    if answer.status != 200:
        raise CityUnreachableError(f"{path}: {answer.status}")
    return answer.body
