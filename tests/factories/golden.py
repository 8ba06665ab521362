"""The golden files of `tests/vectors/golden`, and a judge with the trust and at the moment of their set.

for file in golden.XML: golden.judge(file, golden.octets(file))
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from hocba.documents.verification import Report, verify
from hocba.signing import trust

FOLDER = Path(__file__).resolve().parents[1] / "vectors" / "golden"
SETS = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))
XML = sorted(f"{path.parent.name}/{path.name}" for path in FOLDER.glob("*/*.xml"))
PDF = sorted(f"{path.parent.name}/{path.name}" for path in FOLDER.glob("*/*.pdf"))

ONE_OF_EACH = (
    "hoc-ba-thpt-1.0/hoc-ba.xml",
    "hoc-ba-tieu-hoc-1.0/hoc-ba.xml",
    "so-lop-1.0/mon-hoc-LSDL-1.xml",
    "so-lop-1.0/hoc-ky-1.xml",
    "so-lop-1.0/nam-hoc.xml",
    "so-lop-tieu-hoc-1.0/mon-hoc-TOAN-1.xml",
    "so-lop-tieu-hoc-1.0/hoc-ky-2.xml",
    "so-lop-tieu-hoc-1.0/nam-hoc.xml",
)
"""A file of every root element there is."""


@cache
def octets(file: str) -> bytes:
    """The bytes of a file, named `set/file`."""
    return (FOLDER / file).read_bytes()


@cache
def expected(name: str) -> Any:
    """What was found in a set on the day it was made."""
    return json.loads((FOLDER / name / "expected.json").read_text("utf-8"))


@cache
def material(name: str) -> trust.TrustMaterial:
    """The trust of a set."""
    return trust.load({path.name: path.read_bytes() for path in (FOLDER / name / "trust").iterdir()})


@cache
def moment(name: str) -> datetime:
    """The moment at which a set is judged."""
    return datetime.fromisoformat(expected(name)["at"])


def judge(file: str, data: bytes) -> Report:
    """The report about `data` in the place of a file."""
    name = file.partition("/")[0]
    return verify(data, trust=material(name), at=moment(name))


@cache
def original(file: str) -> Report:
    """The report about the file as it is."""
    return judge(file, octets(file))
