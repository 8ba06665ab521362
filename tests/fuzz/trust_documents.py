"""Trust lists and registers of approved certificates: declared errors, and a list reads back as it was written."""

from __future__ import annotations

import contextlib

from hocba.signing import approvals, trust, trust_list_files
from tests.factories import golden
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz

FOLDER = golden.FOLDER.parent / "golden_proofs" / "danh-sach-tin-cay-1"


def examine(data: bytes) -> None:
    """As a trust list, as a register, and as a file of a trust folder."""
    try:
        found = trust_list_files.read(data)
        again = trust_list_files.read(trust_list_files.write(found))
        assert (again.version, len(again.authorities)) == (found.version, len(found.authorities))
    except trust_list_files.TrustListError:
        pass
    try:
        _, rows = approvals.read_register(data)
    except ValueError:
        pass
    else:
        assert all(len(row.sha256) == 64 for row in rows)
    with contextlib.suppress(trust.TrustError):
        trust.load({"x.json": data})


def seeds() -> list[bytes]:
    """The golden list and a golden register."""
    registers = [path.read_bytes() for path in (golden.FOLDER / golden.SETS[0] / "trust").glob("*.json")]
    return [(FOLDER / "trust-list.json").read_bytes(), *registers]


TARGET = Target(name="trust_documents", examine=examine, seeds=seeds, mutator=mutators.of_json)

if __name__ == "__main__":
    fuzz(TARGET)
