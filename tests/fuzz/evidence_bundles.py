"""Evidence bundles: never break the verification, and never prove an earlier time than the golden ones prove."""

from __future__ import annotations

import contextlib
from datetime import datetime
from functools import cache

from hocba.documents.verification import Verdict
from hocba.exchange.preservation import bundles
from hocba.exchange.preservation.verifying import verify_with
from hocba.signing import trust
from hocba.signing.evidence import records
from hocba.signing.evidence.errors import EvidenceError
from tests.factories import golden
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz

FOLDER = golden.FOLDER.parent / "golden_proofs" / "bang-chung-1"
AT = datetime.fromisoformat("2039-06-21T00:00:00+07:00")
PROVEN = datetime.fromisoformat("2026-06-01T00:00:00+07:00")


@cache
def _trust() -> trust.TrustMaterial:
    return trust.load({path.name: path.read_bytes() for path in (FOLDER / "trust-luu-tru").iterdir()})


@cache
def _document() -> bytes:
    return (FOLDER / "hoc-ba.xml").read_bytes()


def examine(data: bytes) -> None:
    """As a bundle with the golden document, and as a record by itself."""
    with contextlib.suppress(EvidenceError):
        records.read(data)
    try:
        bundles.read(data)
    except EvidenceError:
        return
    report = verify_with(_document(), data, trust=_trust(), at=AT)
    if report.verdict is Verdict.VALID:
        assert report.question is not None
        assert report.question.existed_at is not None
        assert report.question.existed_at >= PROVEN


def seeds() -> list[bytes]:
    """Bundles of all ages, and the record of the last."""
    whole = [path.read_bytes() for path in sorted(FOLDER.glob("*.zip"))]
    return [*whole, bundles.read((FOLDER / "luu-tru.bang-chung.zip").read_bytes()).record]


TARGET = Target(name="evidence_bundles", examine=examine, seeds=seeds, mutator=mutators.of_zip)

if __name__ == "__main__":
    fuzz(TARGET)
