"""Collects what signing and rendering need from the working rows, for many versions with a few queries."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hocba.documents.transcript_xml import Signatures
from hocba.transcripts.issuing import working_bytes
from hocba.transcripts.issuing.models import SigningItem
from hocba.transcripts.issuing.signing import Material
from hocba.transcripts.issuing.workflow import ItemStatus, Kind, SlotName
from hocba.transcripts.records import queries as records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hocba.transcripts.issuing.workflow import Slot
    from hocba.transcripts.records.models import TranscriptVersion

Key = tuple[str, str, str, str]  # slot, kind, region, holder
_PDF_ORDER = (SlotName.HOMEROOM, SlotName.PRINCIPAL, SlotName.SEAL)


def materials_for(slot: Slot, versions: Sequence[TranscriptVersion]) -> list[Material]:
    """What the signatures of a slot are prepared from, in the order of the versions."""
    keys = [version.pk for version in versions]
    octets = records.records_of(keys)
    if slot.name is SlotName.SUBJECT:
        return [Material(version=version, record=octets[version.pk]) for version in versions]
    renderings = working_bytes.renderings(keys)
    kinds = (Kind.XML, Kind.PDF) if slot.name is SlotName.SEAL else (Kind.PDF,)
    signed = finished(keys, kinds)
    return [
        Material(
            version=version,
            record=octets[version.pk],
            presentation=renderings[version.pk][1],
            pdf=pdf_before(renderings[version.pk][0], signed[version.pk], slot.name),
            signatures=xml_signatures(version, signed[version.pk]),
        )
        for version in versions
    ]


def finished(version_ids: Iterable[int], kinds: Iterable[Kind]) -> dict[int, dict[Key, bytes]]:
    """Finished signatures of versions, by version and place."""
    found: dict[int, dict[Key, bytes]] = defaultdict(dict)
    for version_id, *key, signed in working_bytes.finished(version_ids, kinds):
        found[version_id][tuple(key)] = signed
    return found


def pdf_before(unsigned: bytes, signed: dict[Key, bytes], slot: SlotName) -> bytes:
    """The PDF as the signer of a slot meets it: with the increments of everybody before."""
    parts = [unsigned]
    for earlier in _PDF_ORDER[: _PDF_ORDER.index(slot)]:
        parts += [part for key, part in signed.items() if key[:2] == (earlier, Kind.PDF)]
    return b"".join(parts)


def xml_signatures(
    version: TranscriptVersion, signed: dict[Key, bytes], *, seal: bytes | None = None
) -> Signatures:
    """The signatures of the XML in file order; what is not signed yet is left out."""
    xml = {
        (slot, region, holder): part
        for (slot, kind, region, holder), part in signed.items()
        if kind == Kind.XML
    }
    by_slot = {slot: part for (slot, _, _), part in xml.items()}
    return Signatures(
        subject_teachers=[
            part
            for code, subject in version.duties
            if (part := xml.get((SlotName.SUBJECT, subject, code))) is not None
        ],
        homeroom=by_slot.get(SlotName.HOMEROOM),
        principal=by_slot.get(SlotName.PRINCIPAL),
        seal=seal,
    )


def subject_moments(version_ids: Iterable[int]) -> dict[int, dict[str, list[tuple[str, datetime]]]]:
    """When which teacher signed which subject's row: by version, by subject code."""
    rows = (
        SigningItem.objects.filter(
            version_id__in=list(version_ids), slot=SlotName.SUBJECT, status=ItemStatus.SIGNED
        )
        .order_by("id")
        .values_list("version_id", "region", "holder", "signed_at")
    )
    found: dict[int, dict[str, list[tuple[str, datetime]]]] = defaultdict(lambda: defaultdict(list))
    for version_id, region, holder, signed_at in rows:
        found[version_id][region].append((holder, signed_at))
    return found
