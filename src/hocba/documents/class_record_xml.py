"""The class record as XML: subject sheet, term record and year record, octets and files; and back.

Each file is a root (<SoMonHoc>, <SoHocKy> or <SoNamHoc>) around one signed region <DuLieu Id="dl-…"> and the
slots of its signatures. A term names the digest of every signed sheet file, a year that of both signed term
files, so the seal on the year fixes the whole book. Each level of schooling has a namespace and a schema of its
own (`xml/secondary_class_record.py`, `xml/primary_class_record.py`); the functions here pick by the value, by the
octets or by the root element.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from hocba.documents.xml import files, primary_class_record, secondary_class_record
from hocba.documents.xml.class_record_format import ClassRecordKind
from hocba.documents.xml.class_record_parts import data_id
from hocba.documents.xml.errors import UnreadableDocument, UnwritableValue
from hocba.documents.xml.files import Signatures, Slot

if TYPE_CHECKING:
    from lxml import etree

    from hocba.documents.any_level import AnyClassRecord, AnySubjectSheet, AnyTermRecord, AnyYearRecord
    from hocba.documents.transcript import Digest
    from hocba.documents.xml.class_record_format import ClassRecordFormat
    from hocba.documents.xml.schemas import SchemaProblem

__all__ = [
    "NAMESPACE",
    "NAMESPACES",
    "ClassRecordKind",
    "Signatures",
    "Slot",
    "UnreadableDocument",
    "UnwritableValue",
    "assemble",
    "data_id",
    "data_xml",
    "file_digest",
    "kind_of",
    "read_subject_sheet",
    "read_term_record",
    "read_year_record",
    "slots",
    "validate",
]

NAMESPACE = secondary_class_record.FORMAT.namespace
_FORMATS = {each.namespace: each for each in (secondary_class_record.FORMAT, primary_class_record.FORMAT)}
NAMESPACES = tuple(_FORMATS)
"""Every namespace a class record may have, the oldest first."""

_START = re.compile(rb'<[A-Za-z]+ xmlns="([^"]*)"')


def kind_of(value: AnyClassRecord) -> ClassRecordKind:
    """Return the kind of file a value becomes."""
    return cast("ClassRecordKind", _format_of(value).kind_of(value))


def data_xml(value: AnyClassRecord) -> bytes:
    """Return the exclusive-canonical octets of <DuLieu>; every signer but the seal signs exactly these.

    Raises UnwritableValue with every problem of the value at once.
    """
    return _format_of(value).data_xml(value)


def read_subject_sheet(octets: bytes) -> AnySubjectSheet:
    """Return the subject sheet that the (verified) octets of <DuLieu> say; raises UnreadableDocument."""
    return cast("AnySubjectSheet", _format_in(octets).read(ClassRecordKind.SUBJECT, octets))


def read_term_record(octets: bytes) -> AnyTermRecord:
    """Return the term record that the (verified) octets of <DuLieu> say; raises UnreadableDocument."""
    return cast("AnyTermRecord", _format_in(octets).read(ClassRecordKind.TERM, octets))


def read_year_record(octets: bytes) -> AnyYearRecord:
    """Return the year record that the (verified) octets of <DuLieu> say; raises UnreadableDocument."""
    return cast("AnyYearRecord", _format_in(octets).read(ClassRecordKind.YEAR, octets))


def assemble(kind: ClassRecordKind, data: bytes, signatures: Signatures) -> bytes:
    """Return the file: data and signatures as given, unchanged, each in its place.

    Without a seal a year file is the document that the seal's reference URI="" is computed over. Raises
    ValueError when the data are of another kind or a signature has no slot in this kind of file.
    """
    return _format_in(data).assemble(kind, data, signatures)


def file_digest(file: bytes) -> Digest:
    """Return the digest of a signed file, as its parent carries it."""
    return files.digest_of(file)


def validate(root: etree._Element) -> list[SchemaProblem]:
    """Return what the schema finds wrong in a file; an empty list means it is well formed by the schema."""
    return _format_at(root).validate(root)


def slots(root: etree._Element) -> dict[str, Slot]:
    """Return the signature slots by role, with what each signature there must reference.

    The root must have passed `validate`.
    """
    return _format_at(root).slots(root)


def _format_of(value: AnyClassRecord) -> ClassRecordFormat:
    return next(each for each in _FORMATS.values() if each.kind_of(value))


def _format_in(octets: bytes) -> ClassRecordFormat:
    """The format whose namespace the octets open with; of strange ones the first says what is wrong."""
    start = _START.match(octets)
    return _FORMATS.get(start[1].decode("utf-8", "replace") if start else "", secondary_class_record.FORMAT)


def _format_at(root: etree._Element) -> ClassRecordFormat:
    namespace, _, _name = str(root.tag).rpartition("}")
    return _FORMATS.get(namespace.removeprefix("{"), secondary_class_record.FORMAT)
