"""The file of a document: its frozen region and the signatures made so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents import class_record_xml
from hocba.documents.class_record_xml import ClassRecordKind, Signatures
from hocba.platform.files import store
from hocba.signing import xmldsig
from hocba.tracking.sealing.workflow import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocba.tracking.sealing.models import Document, DocumentSignature


def assemble(document: Document, signatures: Iterable[DocumentSignature]) -> bytes:
    """The file with exactly these signatures, each in its slot; subject teachers by staff code."""
    by_slot: dict[str, list[bytes]] = {}
    for signature in sorted(signatures, key=lambda each: (each.slot, each.holder)):
        by_slot.setdefault(signature.slot, []).append(bytes(signature.xml))
    return class_record_xml.assemble(
        ClassRecordKind(document.kind),
        store.get(document.data_digest),
        Signatures(
            subject_teachers=by_slot.get(Slot.SUBJECT_TEACHER, ()),
            homeroom=_one(by_slot, Slot.HOMEROOM_TEACHER),
            principal=_one(by_slot, Slot.PRINCIPAL),
            seal=_one(by_slot, Slot.SEAL),
        ),
    )


def canonical_of(file: bytes) -> bytes:
    """The exclusive-canonical octets of a file of ours without a seal: what the seal is computed over."""
    return xmldsig.canonical(xmldsig.parse_untrusted(file))


def _one(by_slot: dict[str, list[bytes]], slot: Slot) -> bytes | None:
    found = by_slot.get(slot, [])
    if len(found) > 1:
        raise ValueError(f"several signatures in the slot {slot}")
    return found[0] if found else None
