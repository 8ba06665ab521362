"""A kind of class record as a declaration: namespace, schema, and the data region of each of its three files.

Each file is a root (<SoMonHoc>, <SoHocKy> or <SoNamHoc>) around one signed region <DuLieu Id="dl-…"> and the
slots of its signatures.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from hocba.documents.xml import canonical, files, schemas
from hocba.documents.xml import simple_types as t
from hocba.documents.xml.files import Signatures, Slot
from hocba.signing.xmldsig_signing import WHOLE_DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from hocba.documents.any_level import AnyClassRecord
    from hocba.documents.xml.elements import Element

SCHEMA_VERSION = "1.0"


class ClassRecordKind(StrEnum):
    """The three kinds of file; the value is the name of the root element."""

    SUBJECT = "SoMonHoc"
    TERM = "SoHocKy"
    YEAR = "SoNamHoc"


_CODES = {
    ClassRecordKind.SUBJECT: "MON_HOC",
    ClassRecordKind.TERM: "HOC_KY",
    ClassRecordKind.YEAR: "NAM_HOC",
}
_SLOTS = {
    ClassRecordKind.SUBJECT: (files.SUBJECT_TEACHERS,),
    ClassRecordKind.TERM: (files.HOMEROOM,),
    ClassRecordKind.YEAR: (files.HOMEROOM, files.LEADERSHIP, files.SEAL),
}


class ClassRecordFormat:
    """Octets of one kind of class record, and back; errors as in `documents.class_record_xml`."""

    def __init__(
        self,
        *,
        namespace: str,
        schema: str,
        kinds: Mapping[ClassRecordKind, tuple[type[AnyClassRecord], Element]],
    ) -> None:
        self.namespace = namespace
        self._schema = schema
        self._data = {kind: element for kind, (_value, element) in kinds.items()}
        self._kinds = {value: kind for kind, (value, _element) in kinds.items()}
        self._start = {
            kind: re.compile(
                f'<DuLieu xmlns="{namespace}" Id="dl-{t.UUID}-v[0-9]+"><LoaiSo>{code}</LoaiSo>'.encode()
            )
            for kind, code in _CODES.items()
        }

    def kind_of(self, value: AnyClassRecord) -> ClassRecordKind | None:
        """Return the kind of file a value becomes here, None when it is of another format."""
        return self._kinds.get(type(value))

    def data_xml(self, value: AnyClassRecord) -> bytes:
        """Return the exclusive-canonical octets of <DuLieu>."""
        return canonical.write_root(self._data[self._kinds[type(value)]], self.namespace, value, None)

    def read(self, kind: ClassRecordKind, octets: bytes) -> AnyClassRecord:
        """Return the value of that kind that the octets of <DuLieu> say."""
        found: AnyClassRecord = canonical.read_root(octets, self._data[kind], self.namespace, self.data_xml)
        return found

    def assemble(self, kind: ClassRecordKind, data: bytes, signatures: Signatures) -> bytes:
        """Return the file: data and signatures as given, each in its place."""
        if not self._start[kind].match(data):
            raise ValueError(f"not the canonical octets of <DuLieu> of {kind}")
        parts = [
            files.DECLARATION,
            f'<{kind} xmlns="{self.namespace}" phienBanLuocDo="{SCHEMA_VERSION}">'.encode(),
            files.embedded(data, "DuLieu", self.namespace),
            files.slots_of_file(_SLOTS[kind], signatures),
            f"</{kind}>".encode(),
        ]
        return b"".join(parts)

    def validate(self, root: etree._Element) -> list[schemas.SchemaProblem]:
        """Return what the schema finds wrong in a file."""
        return schemas.validate(self._schema, root)

    def slots(self, root: etree._Element) -> dict[str, Slot]:
        """Return the signature slots by role, with what each signature there must reference."""
        data = root.find(f"{{{self.namespace}}}DuLieu")
        region = "" if data is None else data.get("Id") or ""
        kind = ClassRecordKind(self._local_name(root))
        return {
            plan.role: Slot(
                element=plan.element,
                role=plan.role,
                signatures=found,
                uris=(WHOLE_DOCUMENT,) if plan is files.SEAL else (f"#{region}",),
            )
            for plan, found in files.found_slots(root, self.namespace, _SLOTS[kind])
        }

    def _local_name(self, root: etree._Element) -> str:
        prefix = f"{{{self.namespace}}}"
        tag = str(root.tag)
        if not tag.startswith(prefix):
            raise ValueError(f"not an element of {self.namespace}: {tag}")
        return tag[len(prefix) :]
