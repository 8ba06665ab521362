"""Tools of somebody who forges transcript PDFs: other first revisions, other increments, other signature values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from hocba.documents import pdf
from hocba.signing import pades, pdf_fields, pdf_structure
from hocba.signing.pdf_structure import PdfFile
from tests.factories import transcripts

PAIR = transcripts.pair()
UNSIGNED = PAIR.unsigned_pdf
FIRST = UNSIGNED[: pdf_structure.read(UNSIGNED).revisions[0].end]
Bodies = dict[int, bytes]
_PARTS = re.compile(rb"(xref\n.*?)(trailer\n.*?startxref\n)\d+(\n%%EOF)", re.DOTALL)


def first_revision(edit: Callable[[Bodies, PdfFile], None], *, data: bytes = FIRST) -> bytes:
    """The typesetter's revision with other objects, laid out as it lays them out, cross-references right."""
    file = pdf_structure.read(data)
    revision = file.revisions[0]
    in_order = sorted(revision.offsets, key=revision.offsets.__getitem__)
    bodies = {number: file.body(number) for number in in_order}
    edit(bodies, file)
    out, offsets = bytearray(data[: min(revision.offsets.values())]), {}
    for number, body in bodies.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size = max(offsets) + 1
    lines = [b"0000000000 65535 f\r\n", *(b"%010d 00000 n\r\n" % offsets[n] for n in range(1, size))]
    table = len(out)
    tail = data[data.index(b"trailer\n", revision.table) :]
    tail = re.sub(rb"/Size \d+", b"/Size %d" % size, tail, count=1)
    tail = re.sub(rb"startxref\n\d+", b"startxref\n%d" % table, tail)
    return bytes(out) + b"xref\n0 %d\n" % size + b"".join(lines) + tail


def fields() -> list[pdf_fields.SignatureField]:
    """The empty fields as the typesetter placed them."""
    file = pdf_structure.read(UNSIGNED)
    pages = {page: index + 1 for index, page in enumerate(pdf_fields.page_numbers(file.up_to(1)))}
    bodies = [file.body(number) for number in sorted(file.last.offsets)]
    return [pdf_fields._read_field(body, pages) for body in bodies if b"/Subtype/Widget" in body]


def signed(first: bytes) -> bytes:
    """This first revision with fields and the signatures of all who have to sign it: their keys are genuine."""
    unsigned = pdf_fields.add_fields(first, fields())
    return transcripts.sign_pdf(transcripts.school(), transcripts.transcript(), unsigned)


def appended(data: bytes, objects: Callable[[PdfFile], Mapping[int, bytes]]) -> bytes:
    """The file with one more increment, well-formed for any reader."""
    file = pdf_structure.read(data)
    return data + pdf_structure.increment(file.last, objects(file))


def cut(data: bytes, count: int) -> bytes:
    """The file as it was after its first `count` revisions."""
    return data[: pdf_structure.read(data).revisions[count - 1].end]


def number_of(file: PdfFile, mark: bytes) -> int:
    """The newest object that holds these bytes."""
    numbers = {number for revision in file.revisions for number in revision.offsets}
    return next(number for number in sorted(numbers, reverse=True) if mark in file.body(number))


def catalogue(file: PdfFile, more: bytes) -> Bodies:
    """The catalogue with more entries."""
    return {file.last.root: file.body(file.last.root)[:-2] + more + b">>"}


def sealed(data: bytes) -> bytes:
    """The file with the school's genuine seal, whatever was done to it before."""
    key = transcripts.school().keys[transcripts.SCHOOL.code]
    at = transcripts.SIGNED + timedelta(hours=2)
    prepared = pades.prepare(
        data,
        field=pdf.SEAL_FIELD,
        certificate=key.certificate,
        chain=key.chain,
        signed_at=at,
        appearance=pdf.seal_appearance(organisation=transcripts.SCHOOL.name, signed_at=at),
        certify=False,
    )
    return pades.complete(prepared, key.sign(prepared.to_be_signed))
