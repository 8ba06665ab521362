"""What the city publishes, fetched when the copy is old and used as it is when the city does not answer."""

from __future__ import annotations

import re
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from hocba.exchange import messages
from hocba.exchange.known_trust import files_of_bundle
from hocba.platform.messages import client, ports
from hocba.portal.verification.models import PublishedCopy

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.documents.transcript import Digest

M = TypeVar("M")

SCHOOL_CODE = re.compile(r"[0-9A-Za-z]{1,20}")

# Somebody waits in front of the page; a thread of the server waits too.
CITY_SECONDS = 5.0
FRESH = timedelta(minutes=10)
# A copy older than this is no longer evidence: a revocation would go unnoticed.
USABLE = timedelta(hours=24)


class CityUnreachableError(Exception):
    """The city does not answer and there is no usable copy."""


def trust_files(*, at: datetime) -> dict[str, bytes]:
    """Trust anchors and revocation lists as files by name. Raises CityUnreachableError."""
    bundle = _read(messages.TrustBundle, _body("trust", "/exchange/v1/trust", at=at))
    return files_of_bundle(bundle)


def register_file(school_code: str, *, at: datetime) -> bytes:
    """The approved certificates of a school. Raises CityUnreachableError."""
    # The code stands in a file that somebody dropped: it is nobody's word yet.
    if not SCHOOL_CODE.fullmatch(school_code):
        raise CityUnreachableError("no such school code")
    return _body(f"register:{school_code}", f"/exchange/v1/schools/{school_code}/certificates", at=at)


def registered(
    transcript_id: str, version: int, *, xml: Digest | None, pdf: Digest | None, at: datetime
) -> messages.RegisterEntry:
    """Ask the register about a transcript; never from a copy. Raises CityUnreachableError."""
    path = f"/exchange/v1/register/{transcript_id}/versions/{version}"
    query = "&".join(f"{name}={digest.value}" for name, digest in (("xml", xml), ("pdf", pdf)) if digest)
    return _read(messages.RegisterEntry, _fetch(f"{path}?{query}" if query else path, at=at))


def evidence(transcript_id: str, version: int, *, file: str, at: datetime) -> bytes | None:
    """The bundle of evidence for who has the file with this SHA-256 (hex); None while the city has none.

    Raises CityUnreachableError.
    """
    path = f"/exchange/v1/evidence/{transcript_id}/versions/{version}?file={file}"
    answer = _ask(path, at=at)
    if answer.status == HTTPStatus.NOT_FOUND:
        return None
    return _content(answer, path)


def _read(kind: type[M], body: bytes) -> M:
    try:
        return messages.from_bytes(kind, body)
    except messages.MessageError as error:
        raise CityUnreachableError(str(error)) from error


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
    return _content(_ask(path, at=at), path)


def _ask(path: str, *, at: datetime) -> ports.Answer:
    try:
        _, answer = client.exchange(
            side="city", method="GET", path=path, body=b"", headers={}, at=at, timeout=CITY_SECONDS
        )
    except (client.UnreachableError, ports.SignatureRefusedError) as error:
        raise CityUnreachableError(str(error)) from error
    return answer


def _content(answer: ports.Answer, path: str) -> bytes:
    if answer.status != HTTPStatus.OK:
        raise CityUnreachableError(f"{path}: {answer.status}")
    return answer.body
