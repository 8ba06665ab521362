"""Which value each golden file of `tests/vectors/xml` holds.

`python -m tests.factories.golden_xml` writes them again; do so only together with a new schema version, since
documents of the old form stay readable for decades.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hocba.documents import class_record_xml, transcript_xml
from tests.factories import documents, primary

if TYPE_CHECKING:
    from hocba.documents.any_level import AnyTranscript

FOLDER = Path(__file__).parent.parent / "vectors" / "xml"


def files() -> dict[str, bytes]:
    """Every golden file by name, as the values of today's code give it."""
    made = {
        "hoc-ba-1.0.xml": _transcript(documents.transcript()),
        "hoc-ba-tieu-hoc-1.0.xml": _transcript(primary.transcript()),
    }
    for name, value in {
        "so-lop-1.0-mon-hoc.xml": documents.subject_sheet(term=2),
        "so-lop-1.0-hoc-ky.xml": documents.term_record(),
        "so-lop-1.0-nam-hoc.xml": documents.year_record(),
        "so-lop-tieu-hoc-1.0-mon-hoc.xml": primary.subject_sheet(term=2),
        "so-lop-tieu-hoc-1.0-hoc-ky.xml": primary.term_record(),
        "so-lop-tieu-hoc-1.0-nam-hoc.xml": primary.year_record(),
    }.items():
        kind = class_record_xml.kind_of(value)
        made[name] = class_record_xml.assemble(
            kind, class_record_xml.data_xml(value), class_record_xml.Signatures()
        )
    return made


def _transcript(value: AnyTranscript) -> bytes:
    record = transcript_xml.record_xml(value)
    presentation = transcript_xml.presentation_xml(
        value.id,
        value.version,
        documents.digest("d"),
        123456,
        namespace=transcript_xml.namespace_of(record),
    )
    return transcript_xml.assemble(record, presentation, transcript_xml.Signatures())


if __name__ == "__main__":
    for name, octets in files().items():
        (FOLDER / name).write_bytes(octets)
