"""The transcript as XML: octets of the learning record, of its regions, and of the whole file; and back.

    <HocBa Id="hb-…" phienBanLuocDo="1.0">
      <HoSo Id="hs-…">        the learning record; its subject rows <MonHoc Id="mh-…"> can be signed alone
      <BanTheHien Id="bth-…"> digest and length of the unsigned PDF
      <ChuKy>                 four slots: subject teachers, homeroom teacher, head of school, school seal

Each level of schooling has a namespace and a schema of its own (`xml/secondary_transcript.py`,
`xml/primary_transcript.py`); the functions here pick by the value, by the octets or by the root element.
Signing is `hocba.signing.xmldsig`. Whether signatures hold, and whose they are, is decided elsewhere: a verifier
gives `read_record` only octets that a signature covered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocba.documents.xml import files, primary_transcript, secondary_transcript
from hocba.documents.xml.errors import UnreadableDocument, UnwritableValue
from hocba.documents.xml.files import Signatures, Slot
from hocba.documents.xml.transcript_parts import (
    Presentation,
    document_id,
    presentation_id,
    record_id,
    subject_region_id,
)

if TYPE_CHECKING:
    from lxml import etree

    from hocba.documents.any_level import AnyTranscript
    from hocba.documents.transcript import Digest
    from hocba.documents.xml.schemas import SchemaProblem
    from hocba.documents.xml.transcript_format import TranscriptFormat

__all__ = [
    "NAMESPACE",
    "NAMESPACES",
    "Presentation",
    "Signatures",
    "Slot",
    "UnreadableDocument",
    "UnwritableValue",
    "assemble",
    "document_id",
    "expected_subject_signatures",
    "namespace_of",
    "presentation_id",
    "presentation_xml",
    "read_presentation",
    "read_record",
    "record_digest",
    "record_id",
    "record_xml",
    "slots",
    "subject_region",
    "subject_region_id",
    "to_be_sealed",
    "validate",
]

NAMESPACE = secondary_transcript.FORMAT.namespace
_FORMATS = {each.namespace: each for each in (secondary_transcript.FORMAT, primary_transcript.FORMAT)}
NAMESPACES = tuple(_FORMATS)
"""Every namespace a transcript may have, the oldest first."""

_START = re.compile(rb'<[A-Za-z]+ xmlns="([^"]*)"')


def record_xml(transcript: AnyTranscript) -> bytes:
    """Return the exclusive-canonical octets of <HoSo>; homeroom teacher and principal sign exactly these.

    Raises UnwritableValue with every problem of the value at once.
    """
    return _format_of(transcript).record_xml(transcript)


def record_digest(octets: bytes) -> Digest:
    """Return the digest of a record as printed in the PDF."""
    return files.digest_of(octets)


def subject_region(transcript: AnyTranscript, code: str) -> bytes:
    """Return the exclusive-canonical octets of the row of subject `code`; its teachers sign exactly these.

    Raises KeyError when the transcript has no such subject, UnwritableValue when the row cannot be written.
    """
    return _format_of(transcript).subject_region(transcript, code)


def expected_subject_signatures(transcript: AnyTranscript) -> tuple[tuple[str, str], ...]:
    """Return (staff code, region id) of every signature the subject rows need, in file order.

    One signature per teacher and row (Quy chế Điều 9.1): a teacher of two subjects signs twice, a row taught
    by two teachers is signed by both.
    """
    return tuple(
        (teacher.code, subject_region_id(transcript.id, transcript.version, row.code))
        for row in transcript.subjects
        for teacher in row.teachers
    )


def presentation_xml(
    transcript_id: str, version: int, pdf_digest: Digest, pdf_length: int, *, namespace: str = NAMESPACE
) -> bytes:
    """Return the exclusive-canonical octets of <BanTheHien>, in the namespace of the record it goes with.

    Raises UnwritableValue.
    """
    return _FORMATS[namespace].presentation_xml(Presentation(transcript_id, version, pdf_digest, pdf_length))


def read_presentation(octets: bytes) -> tuple[str, int, Digest, int]:
    """Return (transcript id, version, PDF digest, PDF length) that verified octets say.

    Raises UnreadableDocument.
    """
    found = _format_in(octets).read_presentation(octets)
    return found.transcript_id, found.version, found.pdf_digest, found.pdf_length


def read_record(octets: bytes) -> AnyTranscript:
    """Return the transcript that the canonical octets of <HoSo> say.

    Give it only octets whose digest a verified signature covers, never a part of an unverified tree.
    Raises UnreadableDocument; whatever is read writes the same octets again.
    """
    return _format_in(octets).read_record(octets)


def namespace_of(octets: bytes) -> str:
    """Return the namespace of a region of ours: of what `record_xml` or `presentation_xml` wrote."""
    return _format_in(octets).namespace


def assemble(record: bytes, presentation: bytes | None, signatures: Signatures) -> bytes:
    """Return the file: record, presentation and signatures as given, unchanged, each in its place.

    Without a seal this is the document that the seal's reference URI="" is computed over: the slot is there
    and empty, so that enveloped-signature gives the same octets once the seal stands in it. Raises ValueError
    when the octets are not a record, or the presentation is of another transcript or version.
    """
    return _format_in(record).assemble(record, presentation, signatures)


def to_be_sealed(record: bytes, presentation: bytes, signatures: Signatures) -> bytes:
    """Return the exclusive-canonical octets that the seal's reference URI="" is computed over.

    Everything in the file is written in canonical form: they are the file without a seal, but for its declaration.
    Raises ValueError as `assemble` does, and when there is a seal.
    """
    if signatures.seal is not None:
        raise ValueError("the file is sealed already")
    return assemble(record, presentation, signatures).removeprefix(files.DECLARATION)


def validate(root: etree._Element) -> list[SchemaProblem]:
    """Return what the schema finds wrong in a file; an empty list means it is well formed by the schema."""
    return _format_at(root).validate(root)


def slots(root: etree._Element) -> dict[str, Slot]:
    """Return the signature slots by role, with what each signature there must reference.

    The root must have passed `validate`. Region ids are made from the root's own Id, so a caller that found
    the regions under them knows that all belong to one transcript and version.
    """
    return _format_at(root).slots(root)


def _format_of(transcript: AnyTranscript) -> TranscriptFormat:
    return next(each for each in _FORMATS.values() if isinstance(transcript, each.value))


def _format_in(octets: bytes) -> TranscriptFormat:
    """The format whose namespace the octets open with; of strange ones the first says what is wrong."""
    start = _START.match(octets)
    return _FORMATS.get(start[1].decode("utf-8", "replace") if start else "", secondary_transcript.FORMAT)


def _format_at(root: etree._Element) -> TranscriptFormat:
    namespace, _, _name = str(root.tag).rpartition("}")
    return _FORMATS.get(namespace.removeprefix("{"), secondary_transcript.FORMAT)
