"""What a signature covers, read as values: UnreadableDocument, or values that write just these octets again.

Whoever has a key of his own can have anything signed, so this stands behind no gate: the record attached to a PDF is
read before anybody knows whose signature it was.
"""

from __future__ import annotations

from lxml import etree

from hocba.documents import class_record_xml, transcript_xml
from hocba.documents.any_level import AnyTranscript
from hocba.documents.verification import kinds
from hocba.documents.xml.errors import UnreadableDocument
from hocba.signing.xmldsig_names import canonical
from tests.factories import golden
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz


def examine(data: bytes) -> None:
    """By every reader there is; what was read says who has to sign it."""
    for kind in kinds._KINDS.values():
        try:
            value = kind.read(data)
        except UnreadableDocument:
            continue
        if isinstance(value, AnyTranscript):
            assert transcript_xml.record_xml(value) == data
        else:
            assert class_record_xml.data_xml(value) == data
        assert kind.school(value).code
        assert kind.duties(value, "#x")


def seeds() -> list[bytes]:
    """The signed octets of a golden file of every kind."""
    return [canonical(etree.fromstring(golden.octets(file))[0]) for file in golden.ONE_OF_EACH]


def _canonical_again(data: bytes) -> bytes:
    try:
        return canonical(etree.fromstring(data))
    except (etree.XMLSyntaxError, etree.C14NError, ValueError):
        return data


TARGET = Target(
    name="records",
    examine=examine,
    seeds=seeds,
    mutator=lambda data, chance: _canonical_again(mutators.of_xml(data, chance)),
)

if __name__ == "__main__":
    fuzz(TARGET)
