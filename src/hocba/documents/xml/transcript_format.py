"""A kind of transcript file as a declaration: namespace, schema, the elements of the record and of its rows.

Everything else, the frame around the record and the four slots, is the same for all:

    <HocBa Id="hb-…" phienBanLuocDo="1.0">
      <HoSo Id="hs-…">        the learning record; its subject rows <MonHoc Id="mh-…"> can be signed alone
      <BanTheHien Id="bth-…"> digest and length of the unsigned PDF
      <ChuKy>                 four slots: subject teachers, homeroom teacher, head of school, school seal
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocba.documents.xml import canonical, files, schemas
from hocba.documents.xml import simple_types as t
from hocba.documents.xml.files import Signatures, Slot
from hocba.documents.xml.transcript_parts import PRESENTATION, Context, Presentation
from hocba.signing.xmldsig_signing import WHOLE_DOCUMENT

if TYPE_CHECKING:
    from lxml import etree

    from hocba.documents.any_level import AnyTranscript
    from hocba.documents.xml.elements import Element

SCHEMA_VERSION = "1.0"
_SLOTS = (files.SUBJECT_TEACHERS, files.HOMEROOM, files.PRINCIPAL, files.SEAL)


class TranscriptFormat:
    """Octets of one kind of transcript, and back; errors as in `documents.transcript_xml`."""

    def __init__(
        self, *, namespace: str, schema: str, value: type[AnyTranscript], record: Element, subject: Element
    ) -> None:
        self.namespace = namespace
        self.value = value
        self._schema = schema
        self._record, self._subject = record, subject
        self._file_start = (
            f'<HocBa xmlns="{namespace}" Id="hb-%s" phienBanLuocDo="{SCHEMA_VERSION}">'.encode()
        )
        self._record_start = re.compile(f'<HoSo xmlns="{namespace}" Id="hs-({t.UUID}-v[0-9]+)">'.encode())
        self._presentation_start = f'<BanTheHien xmlns="{namespace}" Id="bth-%s">'.encode()

    def record_xml(self, transcript: AnyTranscript) -> bytes:
        """Return the exclusive-canonical octets of <HoSo>."""
        return canonical.write_root(self._record, self.namespace, transcript, Context.of(transcript))

    def subject_region(self, transcript: AnyTranscript, code: str) -> bytes:
        """Return the exclusive-canonical octets of the row of subject `code`."""
        for row in transcript.subjects:
            if row.code == code:
                return canonical.write_root(self._subject, self.namespace, row, Context.of(transcript))
        raise KeyError(code)

    def read_record(self, octets: bytes) -> AnyTranscript:
        """Return the transcript that the canonical octets of <HoSo> say."""
        found: AnyTranscript = canonical.read_root(octets, self._record, self.namespace, self.record_xml)
        return found

    def presentation_xml(self, presentation: Presentation) -> bytes:
        """Return the exclusive-canonical octets of <BanTheHien>."""
        return canonical.write_root(PRESENTATION, self.namespace, presentation, None)

    def read_presentation(self, octets: bytes) -> Presentation:
        """Return what the canonical octets of <BanTheHien> say."""
        found: Presentation = canonical.read_root(octets, PRESENTATION, self.namespace, self.presentation_xml)
        return found

    def assemble(self, record: bytes, presentation: bytes | None, signatures: Signatures) -> bytes:
        """Return the file: record, presentation and signatures as given, each in its place."""
        start = self._record_start.match(record)
        if start is None:
            raise ValueError("not the canonical octets of <HoSo>")
        if presentation is not None and not presentation.startswith(
            self._presentation_start % start.group(1)
        ):
            raise ValueError("the presentation is not of the same transcript and version")
        parts = [
            files.DECLARATION,
            self._file_start % start.group(1),
            files.embedded(record, "HoSo", self.namespace),
            files.embedded(presentation, "BanTheHien", self.namespace) if presentation is not None else b"",
            files.slots_of_file(_SLOTS, signatures),
            b"</HocBa>",
        ]
        return b"".join(parts)

    def validate(self, root: etree._Element) -> list[schemas.SchemaProblem]:
        """Return what the schema finds wrong in a file."""
        return schemas.validate(self._schema, root)

    def slots(self, root: etree._Element) -> dict[str, Slot]:
        """Return the signature slots by role, with what each signature there must reference."""
        suffix = (root.get("Id") or "").removeprefix("hb-")
        row_tag = f"{{{self.namespace}}}MonHoc"
        rows = tuple(
            f"#mh-{suffix}-{row.findtext(f'{{{self.namespace}}}MaMon')}" for row in root.iter(row_tag)
        )
        regions = {
            "subject_teacher": rows,
            "homeroom_teacher": (f"#hs-{suffix}",),
            "principal": (f"#hs-{suffix}", f"#bth-{suffix}"),
            "seal": (WHOLE_DOCUMENT,),
        }
        return {
            plan.role: Slot(
                element=plan.element,
                role=plan.role,
                signatures=found,
                uris=regions[plan.role],
                one_of=plan is files.SUBJECT_TEACHERS,
            )
            for plan, found in files.found_slots(root, self.namespace, _SLOTS)
        }
