"""The bundle of evidence of a registered transcript, for whoever brought one of its files.

Digests of registered files stand in the public log, so naming one proves nothing: what is asked for later is a text
that we sign for an hour, made only for octets that somebody has just brought. The city compares the digest once more.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core import signing

from hocba.exchange.messages import RegisterStatus
from hocba.exchange.preservation.bundles import SUFFIX
from hocba.platform.audit import actions as audit
from hocba.portal.verification import published

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hocba.exchange.messages import RegisterEntry

SALT: Final = "hocba.portal.evidence"
VALID: Final = timedelta(hours=1)


class OfferExpiredError(Exception):
    """This offer is not ours, or too old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Evidence of that version for who has the file with this SHA-256 (hex)."""

    transcript_id: str
    version: int
    file: str

    @property
    def file_name(self) -> str:
        """What the bundle is saved as."""
        return f"{self.transcript_id}-v{self.version}{SUFFIX}"

    def sealed(self) -> str:
        """The offer as a text that only we can make."""
        return signing.dumps([self.transcript_id, self.version, self.file], salt=SALT)


def offer_for(content: bytes, entry: RegisterEntry | None) -> Offer | None:
    """The offer for a file that the register knows as its own; our own digest of it counts, nobody's word."""
    if entry is None or entry.status is RegisterStatus.UNKNOWN:
        return None
    digest = hashlib.sha256(content).hexdigest()
    if digest not in {each.value for each in (entry.xml, entry.pdf) if each is not None}:
        return None
    return Offer(transcript_id=entry.transcript_id, version=entry.version, file=digest)


def buttons(files: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What the page needs to ask later, once for XML and PDF of one version; files as `actions.check_files` gives."""
    offers = {
        (offer.transcript_id, offer.version): (offer, file["name"])
        for file in files
        if (offer := file.get("evidence")) is not None
    }
    return [{"sealed": offer.sealed(), "name": name} for offer, name in offers.values()]


def opened(text: str) -> Offer:
    """The offer of a sealed text. Raises OfferExpiredError."""
    try:
        transcript_id, version, file = signing.loads(text, salt=SALT, max_age=VALID)
    except signing.BadSignature as error:
        raise OfferExpiredError from error
    return Offer(transcript_id=transcript_id, version=version, file=file)


def fetched(offer: Offer, *, at: datetime) -> bytes | None:
    """The bundle as the city has it now, None while it has none; leaves a trace. Raises CityUnreachableError."""
    content = published.evidence(offer.transcript_id, offer.version, file=offer.file, at=at)
    if content is not None:
        audit.record(tag="portal:evidence:given", target=f"sha256:{offer.file}", by="public", at=at)
    return content
