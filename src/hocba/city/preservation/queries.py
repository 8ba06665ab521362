"""Reading what is preserved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Max

from hocba.city.preservation.assembling import Bench, archive_entries
from hocba.city.preservation.models import (
    ArchiveStamp,
    PreservedTranscript,
    RenewalIntent,
    RenewedTranscript,
)
from hocba.exchange.preservation import bundles
from hocba.exchange.preservation.evidence import Material

if TYPE_CHECKING:
    import uuid
    from datetime import datetime


class NotPreservedError(LookupError):
    """Nothing is kept of that version: it is not registered, or no stamp covers it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How preservation stands; nothing about any pupil."""

    preserved: int
    archived: int
    open_intents: int
    last_renewal: datetime | None


def bundle_of(transcript_id: uuid.UUID, version: int) -> bytes:
    """The evidence of a registered version as one file. Raises NotPreservedError."""
    row = (
        PreservedTranscript.objects.select_related("material")
        .filter(transcript_id=transcript_id, version=version)
        .first()
    )
    if row is None:
        raise NotPreservedError(f"{transcript_id} v{version}")
    bench = Bench([row])
    entries = archive_entries([row]).get(row.pk, [])
    evidence = bench.file(entries[0].evidence_digest) if entries else bench.evidence_of(row)
    parts = bench.parts_of(row, evidence=evidence)
    return bundles.write(replace(parts, record=bench.archive_record(entries), units=_units(bench)))


def _units(bench: Bench) -> dict[str, bytes]:
    """Authorities and lists of every day on which stamps were renewed: by them older stamps are judged."""
    digests = RenewalIntent.objects.filter(stamp__isnull=False).values_list("units_digest", flat=True)
    found: dict[str, bytes] = {}
    for digest in sorted(set(digests)):
        for name, file in Material.from_bytes(bench.file(digest)).files:
            found[name] = bench.file(file)
    return found


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
