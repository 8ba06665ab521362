"""Offline packages and their answers: PackageError, or bytes with the digests that the package names."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

from hocba.desk import packages
from hocba.desk.errors import PackageError
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz

ITEM = b"<ds:SignedInfo/>"
MANIFEST = {
    "type": packages.TYPE,
    "version": packages.VERSION,
    "batch": "5b6f0d0e-0000-4000-8000-000000000001",
    "title": "Học bạ lớp 6A1",
    "digest": "sha256:" + "0" * 64,
    "holder": "GV0001",
    "certificate": "sha256:" + "1" * 64,
    "expires_at": "2026-11-22T09:00:00+07:00",
    "items": [{"id": "1", "file": "items/1.bin", "sha256": hashlib.sha256(ITEM).hexdigest()}],
}
ANSWER = {"batch": MANIFEST["batch"], "digest": MANIFEST["digest"], "signatures": {"1": "AAAA"}}
CSV = b"batch,x\ndigest,y\nid,signature\n1,AAAA\n2," + b"A" * 4000 + b"\n"


def examine(data: bytes) -> None:
    """As a package and as an answer."""
    try:
        package = packages.read(data)
    except PackageError:
        pass
    else:
        assert all(len(content) <= packages.LARGEST_MEMBER for content in package.items.values())
    try:
        answer = packages.read_answer(data)
    except PackageError:
        return
    assert all(len(value) <= 2 * packages.LONGEST_VALUE for value in answer.signatures.values())


def seeds() -> list[bytes]:
    """A package, and an answer in each form."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("items/1.bin"), ITEM)
        archive.writestr(zipfile.ZipInfo("manifest.json"), json.dumps(MANIFEST))
    return [out.getvalue(), json.dumps(ANSWER).encode(), CSV]


def _of_its_form(data: bytes, chance: mutators.random.Random) -> bytes:
    if data.startswith(b"PK"):
        return mutators.of_zip(data, chance)
    return mutators.of_json(data, chance)


TARGET = Target(name="signing_packages", examine=examine, seeds=seeds, mutator=_of_its_form, largest=1 << 16)

if __name__ == "__main__":
    fuzz(TARGET)
