"""Taking the CMS of a PDF signature apart: ValueError or UnsupportedKeyError, or a CMS that says just these bytes."""

from __future__ import annotations

import re

from hocba.signing import certificates, pades_cms
from hocba.signing.errors import UnsupportedKeyError
from tests.factories import golden
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz


def examine(data: bytes) -> None:
    """Whatever is taken apart must be of the one shape."""
    try:
        read = pades_cms.take_apart(data)
    except (ValueError, UnsupportedKeyError):
        return
    shape = pades_cms.shape_of(read.certificate, read.chain)
    rebuilt = pades_cms.assemble(shape, read.attributes, read.value)
    assert data.startswith(rebuilt)
    assert not data[len(rebuilt) :].strip(b"\0")
    assert certificates.to_der(read.certificate) in data


def seeds() -> list[bytes]:
    """Every CMS of the golden PDF files, without the zeros after it."""
    found = [
        each for file in golden.PDF for each in re.findall(rb"/Contents<([0-9a-f]+)>", golden.octets(file))
    ]
    return [bytes.fromhex(each.decode()) for each in found]


TARGET = Target(name="signed_data", examine=examine, seeds=seeds, mutator=mutators.of_der, largest=1 << 16)

if __name__ == "__main__":
    fuzz(TARGET)
