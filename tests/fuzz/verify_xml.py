"""The verdict over an XML document: never breaks, and "valid" only for what a golden file says and who signed it."""

from __future__ import annotations

import random

from hocba.documents.verification import Verdict, report_json
from tests.factories import golden
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz

_SETS = golden.SETS
_MEANINGS = {
    (good.kind, good.record_digest): good for good in map(golden.original, (*golden.XML, *golden.PDF))
}


def examine(data: bytes) -> None:
    """The first byte says by the trust of which golden set the rest is judged."""
    name = _SETS[data[0] % len(_SETS)] if data else _SETS[0]
    report = golden.judge(f"{name}/fuzz", data[1:])
    report_json.full_json(report)
    report.to_json()
    if report.verdict is not Verdict.VALID:
        return
    good = _MEANINGS[report.kind, report.record_digest]
    assert (report.transcript, report.class_record) == (good.transcript, good.class_record)
    said = [(each.signer, each.role, each.signed_at, each.certificate) for each in report.signatures]
    known = [(each.signer, each.role, each.signed_at, each.certificate) for each in good.signatures]
    assert said == known
    assert report.pdf_digest == good.pdf_digest


def with_set(files: tuple[str, ...]) -> list[bytes]:
    """Golden files, each behind the byte of its set."""
    return [bytes([_SETS.index(file.partition("/")[0])]) + golden.octets(file) for file in files]


def behind_the_set(mutator: mutators.Mutator) -> mutators.Mutator:
    """That mutator for all but the first byte."""

    def change(data: bytes, chance: random.Random) -> bytes:
        return data[:1] + mutator(data[1:], chance)

    return change


TARGET = Target(
    name="verify_xml",
    examine=examine,
    seeds=lambda: with_set(golden.ONE_OF_EACH),
    mutator=behind_the_set(mutators.of_xml),
)

if __name__ == "__main__":
    fuzz(TARGET)
