"""Collects what signing and rendering need from the working rows, for many versions with a few queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from hocba.documents import transcript_xml
from hocba.documents.transcript_xml import Signatures
from hocba.transcripts.issuing import working_bytes
from hocba.transcripts.issuing.models import SigningItem
from hocba.transcripts.issuing.signing import Material
from hocba.transcripts.issuing.workflow import SLOTS, ItemStatus, Kind, SlotName
from hocba.transcripts.records import queries as records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from hocba.transcripts.issuing.workflow import Slot
    from hocba.transcripts.records.models import TranscriptVersion

Key = tuple[str, str, str, str]  # slot, kind, region, holder
_PDF_ORDER = (SlotName.HOMEROOM, SlotName.PRINCIPAL, SlotName.SEAL)


def materials_for(slot: Slot, versions: Sequence[TranscriptVersion]) -> list[Material]:
    """What the signatures of a slot are prepared from, in the order of the versions."""
    if slot.name is SlotName.SUBJECT:
        octets = records.records_of(version.pk for version in versions)
        return [Material(version=version, record=octets[version.pk]) for version in versions]
    kinds = (Kind.XML, Kind.PDF) if slot.name is SlotName.SEAL else (Kind.PDF,)
    return [material for material, _ in _gathered(slot, versions, kinds)]


def sealed_files(versions: Sequence[TranscriptVersion]) -> dict[int, tuple[bytes, bytes]]:
    """XML and PDF of versions that have every signature, by row id."""
    found: dict[int, tuple[bytes, bytes]] = {}
    for material, signed in _gathered(SLOTS[SlotName.SEAL], versions, (Kind.XML, Kind.PDF)):
        seal = {kind: part for (slot, kind, _, _), part in signed.items() if slot == SlotName.SEAL}
        signatures = replace(material.signatures, seal=seal[Kind.XML])
        xml = transcript_xml.assemble(material.record, material.presentation, signatures)
        found[material.version.pk] = (xml, material.pdf + seal[Kind.PDF])
    return found


def _gathered(
    slot: Slot, versions: Sequence[TranscriptVersion], kinds: Iterable[Kind]
) -> Iterator[tuple[Material, Mapping[Key, bytes]]]:
    """What a slot meets, with the finished signatures of these kinds, of that slot too."""
    keys = [version.pk for version in versions]
    octets = records.records_of(keys)
    renderings = working_bytes.renderings(keys)
    signed = _finished(keys, kinds)
    for version in versions:
        unsigned, presentation = renderings[version.pk]
        material = Material(
            version=version,
            record=octets[version.pk],
            presentation=presentation,
            pdf=_pdf_before(unsigned, signed[version.pk], slot.name),
            signatures=_xml_signatures(version, signed[version.pk]),
        )
        yield material, signed[version.pk]


def _finished(version_ids: Iterable[int], kinds: Iterable[Kind]) -> dict[int, dict[Key, bytes]]:
    """Finished signatures of versions, by version and place."""
    found: dict[int, dict[Key, bytes]] = defaultdict(dict)
    for version_id, *key, signed in working_bytes.finished(version_ids, kinds):
        found[version_id][tuple(key)] = signed
    return found


def slots_before(slot: SlotName) -> tuple[SlotName, ...]:
    """Whose increments a PDF has when the signer of a slot meets it, in their order."""
    return _PDF_ORDER[: _PDF_ORDER.index(slot)]


def _pdf_before(unsigned: bytes, signed: Mapping[Key, bytes], slot: SlotName) -> bytes:
    parts = [unsigned]
    for earlier in slots_before(slot):
        parts += [part for key, part in signed.items() if key[:2] == (earlier, Kind.PDF)]
    return b"".join(parts)


def _xml_signatures(version: TranscriptVersion, signed: Mapping[Key, bytes]) -> Signatures:
    """The signatures of the XML before its seal, in file order; what is not signed yet is left out."""
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
