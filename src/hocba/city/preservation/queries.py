"""Reading what is preserved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Max

from hocba.city.preservation import shelf
from hocba.city.preservation.assembling import Bench, archive_entries
from hocba.city.preservation.models import (
    ArchiveStamp,
    PreservedTranscript,
    RenewalIntent,
    RenewedTranscript,
)
from hocba.exchange.preservation import bundles
from hocba.exchange.preservation.evidence import Material
from hocba.signing.evidence import relevance

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import datetime

    from hocba.exchange.preservation.bundles import Bundle


CANNOT_BE_MADE = "Không lập được gói bằng chứng của học bạ này, vì dữ liệu lưu kèm quá lớn hoặc bị hỏng."


class NotPreservedError(LookupError):
    """Nothing is kept of that version: it is not registered, or no stamp covers it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How preservation stands; nothing about any pupil."""

    preserved: int
    archived: int
    open_intents: int
    last_renewal: datetime | None


def bundle_of(transcript_id: uuid.UUID, version: int, *, file: str | None = None) -> bytes:
    """The evidence of a registered version as one file.

    With `file` only when that is the SHA-256 (hex) of its XML or PDF. Raises NotPreservedError.
    """
    row = (
        PreservedTranscript.objects.select_related("material")
        .filter(transcript_id=transcript_id, version=version)
        .first()
    )
    if row is None or (file is not None and file not in (row.xml_digest, row.pdf_digest)):
        raise NotPreservedError(f"{transcript_id} v{version}")
    bench = Bench([row])
    entries = archive_entries([row]).get(row.pk, [])
    evidence = bench.file(entries[0].evidence_digest) if entries else bench.evidence_of(row)
    parts = replace(bench.parts_of(row, evidence=evidence), record=bench.archive_record(entries))
    return bundles.write(replace(parts, units=_units(bench, parts, bench.stamps_of(row, entries))))


def _units(bench: Bench, parts: Bundle, stamps: Iterable[ArchiveStamp]) -> dict[str, bytes]:
    """Authorities and lists of the moment of each renewal that speak of the units of the stamps directly below it."""
    listed_authorities = shelf.names_in_trust_list()
    kept_with = {bytes(stamp.token): stamp.units() for stamp in stamps}
    chosen: dict[str, str] = {}
    for below, above in bundles.successions(parts):
        if above in kept_with:
            listed = dict(Material.from_bytes(bench.file(kept_with[above])).files)
            named = {name: shelf.names_of_file(digest) for name, digest in listed.items()}
            wanted = relevance.relevant(relevance.issuers_in(below), named, listed_authorities)
            chosen |= {name: listed[name] for name in wanted}
    return {name: bench.file(digest) for name, digest in chosen.items()}


def figures() -> Figures:
    """Counts for the officers' page."""
    return Figures(
        preserved=PreservedTranscript.objects.count(),
        archived=RenewedTranscript.objects.filter(intent__stamp__isnull=False)
        .values("transcript")
        .distinct()
        .count(),
        open_intents=RenewalIntent.objects.filter(stamp__isnull=True).count(),
        last_renewal=ArchiveStamp.objects.aggregate(last=Max("stamped_at"))["last"],
    )
