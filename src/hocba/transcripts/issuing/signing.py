"""From stored octets to prepared signatures and back: what a slot signs in the XML and in the PDF."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocba.documents import pdf as forms
from hocba.documents import transcript_xml
from hocba.signing import certificates, pades, xmldsig
from hocba.transcripts.issuing.regions import subject_region
from hocba.transcripts.issuing.workflow import Kind, Slot, SlotName

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from cryptography import x509

    from hocba.transcripts.issuing.working_bytes import Item
    from hocba.transcripts.records.models import TranscriptVersion

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Whose signature is prepared, and when it says it was made."""

    holder: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything of one version that its next signature may need."""

    version: TranscriptVersion
    record: bytes
    presentation: bytes = b""
    pdf: bytes = b""
    signatures: transcript_xml.Signatures = field(default_factory=transcript_xml.Signatures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One item of a batch as it is stored: see `models.SigningItem`."""

    kind: Kind
    region: str
    to_be_signed: bytes
    prepared: bytes
    contents: int | None = None
    reserved: int | None = None


def prepare(slot: Slot, material: Material, signer: Signer) -> Iterator[Prepared]:
    """Everything the signer signs of one version: own rows, or the XML part and the PDF."""
    if slot.name is SlotName.SUBJECT:
        for code, subject in material.version.duties:
            if code == signer.holder:
                yield _prepare_subject(material, subject, signer)
        return
    yield _prepare_xml(f"ck-{_NAME_OF_SLOT[slot.name]}", regions_of(slot, material), "", signer)
    yield _prepare_pdf(slot, material, signer)


def complete_xml(item: Item, value: bytes) -> bytes:
    """The finished ds:Signature. Raises signing.errors.SigningError when the value does not fit."""
    return xmldsig.complete(xmldsig.PreparedXmlSignature("", item.to_be_signed, item.prepared), value)


def complete_pdf(item: Item, before: int, signer: Signer, value: bytes) -> bytes:
    """The finished increment of a PDF that has `before` bytes without it. Raises signing.errors.SigningError."""
    if item.contents is None or item.reserved is None:
        raise ValueError("an item of a PDF has its place")
    # Embedding looks at the place of the CMS only: the increment stands for the whole file.
    increment = pades.PreparedPdfSignature(
        pdf=item.prepared,
        field="",
        contents=item.contents - before,
        reserved=item.reserved,
        to_be_signed=item.to_be_signed,
        certificate=signer.certificate,
        chain=signer.chain,
    )
    return pades.complete(increment, value)


_NAME_OF_SLOT = {
    SlotName.HOMEROOM: "chu-nhiem",
    SlotName.PRINCIPAL: "nguoi-dung-dau",
    SlotName.SEAL: "co-quan",
}


def _prepare_subject(material: Material, subject: str, signer: Signer) -> Prepared:
    name = f"ck-mon-{subject}-{_NOT_IN_NAMES.sub('', signer.holder)}"
    return _prepare_xml(name, [_subject_region(material, subject)], subject, signer)


def _subject_region(material: Material, subject: str) -> xmldsig.Region:
    version = material.version
    region_id = transcript_xml.subject_region_id(str(version.transcript_id), version.version, subject)
    return xmldsig.Region(f"#{region_id}", subject_region(material.record, region_id))


def _prepare_xml(name: str, regions: list[xmldsig.Region], region: str, signer: Signer) -> Prepared:
    prepared = xmldsig.prepare(
        signature_id=name, regions=regions, signed_at=signer.signed_at, certificate=signer.certificate
    )
    return Prepared(kind=Kind.XML, region=region, to_be_signed=prepared.to_be_signed, prepared=prepared.xml)


def regions_of(slot: Slot, material: Material, subject: str = "") -> list[xmldsig.Region]:
    """What the XML signature of a slot covers; of a subject teacher the row of the subject."""
    version = material.version
    if slot.name is SlotName.SUBJECT:
        return [_subject_region(material, subject)]
    name = (str(version.transcript_id), version.version)
    if slot.name is SlotName.SEAL:
        whole = transcript_xml.to_be_sealed(material.record, material.presentation, material.signatures)
        return [xmldsig.Region(xmldsig.WHOLE_DOCUMENT, whole)]
    regions = [xmldsig.Region(f"#{transcript_xml.record_id(*name)}", material.record)]
    if slot.name is SlotName.PRINCIPAL:
        regions.append(xmldsig.Region(f"#{transcript_xml.presentation_id(*name)}", material.presentation))
    return regions


def _prepare_pdf(slot: Slot, material: Material, signer: Signer) -> Prepared:
    name = certificates.common_name(signer.certificate)
    if slot.name is SlotName.SEAL:
        appearance = forms.seal_appearance(organisation=name, signed_at=signer.signed_at)
    else:
        appearance = forms.person_appearance(name=name, signed_at=signer.signed_at, field=slot.field)
    prepared = pades.prepare(
        material.pdf,
        field=slot.field,
        certificate=signer.certificate,
        chain=signer.chain,
        signed_at=signer.signed_at,
        appearance=appearance,
        certify=slot.name is SlotName.HOMEROOM,
    )
    return Prepared(
        kind=Kind.PDF,
        region="",
        to_be_signed=prepared.to_be_signed,
        prepared=prepared.pdf[len(material.pdf) :],
        contents=prepared.contents,
        reserved=prepared.reserved,
    )
