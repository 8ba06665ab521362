"""The transcript as a PDF without signatures, but with their places."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from hocba.documents.pdf import places
from hocba.documents.pdf.form import form_data
from hocba.documents.pdf.typesetting import typesetter
from hocba.documents.pdf.words import WORDS
from hocba.signing import pdf_structure
from hocba.signing.instants import VIETNAM
from hocba.signing.pdf_fields import FieldPlace, SignatureField, add_fields, page_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocba.documents.any_level import AnyTranscript

_LABELS: Final = {
    places.HOMEROOM_FIELD: "Chữ ký số của giáo viên chủ nhiệm {homeroom}",
    places.PRINCIPAL_FIELD: "Chữ ký số của người đứng đầu {principal}",
    places.SEAL_FIELD: "Chữ ký số của cơ quan {school}",
}


@dataclass(frozen=True, slots=True)
class UnsignedPdf:
    """The PDF whose digest goes into the XML: typeset, with empty signature fields at these places."""

    data: bytes
    fields: Mapping[str, FieldPlace]


def render(
    transcript: AnyTranscript,
    *,
    record: bytes,
    record_digest: str,
    subject_signatures: Mapping[str, Sequence[tuple[str, datetime]]],
    verify_url: str,
) -> UnsignedPdf:
    """Set the form of a transcript; the same arguments give the same bytes.

    Args:
        record: the canonical XML of the learning record, attached as hoc-ba.xml.
        record_digest: its digest, "sha256:<hex>", printed on every page.
        subject_signatures: by subject code, who signed the row in the XML, and when.
        verify_url: address of the portal's page for this transcript, ASCII, at most 180 letters; shown as a QR code.

    Raises:
        ValueError: no layout for the transcript's form.
        TypesettingError: a letter that the font cannot print.
    """
    if transcript.form not in WORDS:
        raise ValueError(f"no layout for form {transcript.form!r}")
    layout = WORDS[transcript.form].layout
    attached, created_at = record.decode(), _created_at(transcript, subject_signatures)

    def typeset(*, counted: bool) -> bytes:
        words = form_data(
            transcript,
            record_digest=record_digest,
            subject_signatures=subject_signatures,
            verify_url=verify_url,
            counted=counted,
        )
        return typesetter(layout).pdf(json.dumps(words, ensure_ascii=False), attached, created_at=created_at)

    pdf = typeset(counted=False)
    if _page_count(pdf) != places.PAGES:
        pdf = typeset(counted=True)
    fields = _fields(transcript, last_page=_page_count(pdf))
    return UnsignedPdf(add_fields(pdf, fields), {field.name: field.place for field in fields})


def _page_count(pdf: bytes) -> int:
    return len(page_numbers(pdf_structure.read(pdf)))


def _created_at(
    transcript: AnyTranscript, subject_signatures: Mapping[str, Sequence[tuple[str, datetime]]]
) -> datetime:
    """PDF/A wants a date and a pure function has no clock: the last subject signature, else the year's end."""
    moments = [at for signatures in subject_signatures.values() for _, at in signatures]
    return max(moments, default=datetime(int(transcript.school_year[-4:]), 5, 31, tzinfo=VIETNAM))


def _fields(transcript: AnyTranscript, *, last_page: int) -> list[SignatureField]:
    names = {
        "homeroom": transcript.homeroom_teacher.name,
        "principal": transcript.principal.name,
        "school": transcript.school.name,
    }
    return [
        SignatureField(
            name,
            _LABELS[name].format(**names),
            FieldPlace(last_page, *places.rectangle(places.SIGNATURE_BOXES[name])),
        )
        for name in places.FIELD_ORDER
    ]
