"""The verdict over a PDF: never breaks, and "valid" only for what a golden file says and who signed it."""

from __future__ import annotations

from tests.factories import golden
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz
from tests.fuzz.verify_xml import behind_the_set, examine, with_set

TARGET = Target(
    name="verify_pdf",
    examine=examine,
    seeds=lambda: with_set(tuple(golden.PDF[:3])),
    mutator=behind_the_set(mutators.of_pdf),
)

if __name__ == "__main__":
    fuzz(TARGET)
