"""Every document that was ever issued must stay readable and verifiable: files signed when their schema was new.

The files of `tests/vectors/golden` are never edited, removed or made again; `python -m tools.make_golden` only adds.
When a test here fails, the code has to change, not the files. Each folder holds the signed files, the trust that they
were signed under, and `expected.json`: the moment of judging, what the verification found, which values it read.
Sentences for people (`detail`) may be worded better, checks and fields may be added; what was found stays found.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from hocba.documents import class_record_xml, transcript_xml
from hocba.documents.pdf.words import WORDS
from hocba.documents.verification import Report, Verdict, verify, verify_pair
from hocba.documents.verification.books import read_book
from hocba.signing import trust
from hocba.signing.xmldsig import canonical

GOLDEN = Path(__file__).resolve().parents[2] / "vectors" / "golden"
SETS = sorted(path.name for path in GOLDEN.iterdir())
FILES = sorted(
    f"{name}/{path.name}"
    for name in SETS
    for path in (GOLDEN / name).iterdir()
    if path.suffix in {".xml", ".pdf"}
)
XML = [name for name in FILES if name.endswith(".xml")]
PAIRS = [name for name in SETS if (GOLDEN / name / "hoc-ba.xml").exists()]
BOOKS = [name for name in SETS if (GOLDEN / name / "nam-hoc.xml").exists()]


@cache
def expected(name: str) -> Any:
    return json.loads((GOLDEN / name / "expected.json").read_text("utf-8"))


@cache
def material(name: str) -> trust.TrustMaterial:
    return trust.load({path.name: path.read_bytes() for path in (GOLDEN / name / "trust").iterdir()})


def octets(file: str) -> bytes:
    return (GOLDEN / file).read_bytes()


def moment(name: str) -> datetime:
    return datetime.fromisoformat(expected(name)["at"])


@cache
def report(file: str) -> Report:
    name = file.partition("/")[0]
    return verify(octets(file), trust=material(name), at=moment(name))


def lost(then: Any, now: Any, place: str = "") -> list[str]:
    """Where what was said then is no longer said; dictionaries may have grown."""
    if isinstance(then, dict) and isinstance(now, dict):
        return [each for key in then for each in lost(then[key], now.get(key, "nothing"), f"{place}/{key}")]
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        found = enumerate(zip(then, now, strict=True))
        return [each for index, pair in found for each in lost(*pair, f"{place}/{index}")]
    return [] if then == now else [f"{place}: {then!r} became {now!r}"]


def without_sentences(findings: Any) -> Any:
    """A report with its checks by name; what is worded for people is left out."""
    return {
        "verdict": findings["verdict"],
        "checks": {check["name"]: check["status"] for check in findings["checks"]},
        "signatures": [
            {key: value for key, value in each.items() if key != "detail"} for each in findings["signatures"]
        ],
    }


@pytest.mark.parametrize("file", FILES)
class TestGoldenFile:
    def test_is_judged_as_on_the_day_it_was_made(self, file: str) -> None:
        name, _, short = file.partition("/")
        then, now = expected(name)["files"][short], report(file)

        if name in PAIRS:
            pair = {each: report(f"{name}/{each}") for each in ("hoc-ba.xml", "hoc-ba.pdf")}
            now = dict(zip(pair, verify_pair(*pair.values()), strict=True))[short]

        assert now.verdict is Verdict.VALID
        assert lost(without_sentences(then["report"]), without_sentences(now.to_json())) == []

    def test_has_the_digests_it_had(self, file: str) -> None:
        name, _, short = file.partition("/")
        then, now = expected(name)["files"][short], report(file)

        for key in ("file_digest", "meaning_digest", "record_digest", "pdf_digest"):
            found = getattr(now, key)
            assert (None if found is None else str(found)) == then[key], key
        assert (now.kind, now.pdf_length) == (then["kind"], then["pdf_length"])

    def test_is_read_as_the_values_it_held(self, file: str) -> None:
        name, _, short = file.partition("/")
        value = report(file).transcript or report(file).class_record
        assert value is not None

        now = json.loads(json.dumps(asdict(value), default=str))
        assert lost(expected(name)["files"][short]["value"], now) == []

    def test_is_not_valid_with_one_letter_changed(self, file: str) -> None:
        name = file.partition("/")[0]
        data = bytearray(octets(file))
        data[len(data) // 3] ^= 1

        assert verify(bytes(data), trust=material(name), at=moment(name)).verdict is not Verdict.VALID


@pytest.mark.parametrize("file", XML)
class TestGoldenXml:
    def test_is_accepted_by_the_schema_of_its_version(self, file: str) -> None:
        kind = transcript_xml if file.endswith("hoc-ba.xml") else class_record_xml

        assert kind.validate(etree.fromstring(octets(file))) == []

    def test_is_written_again_as_the_same_octets(self, file: str) -> None:
        found, root = report(file), etree.fromstring(octets(file))
        signed = canonical(root[0])
        if found.transcript is not None:
            written = transcript_xml.record_xml(found.transcript)
        else:
            assert found.class_record is not None
            written = class_record_xml.data_xml(found.class_record)

        assert written == signed


@pytest.mark.parametrize("name", BOOKS)
def test_golden_book_is_read_as_one_whole(name: str) -> None:
    files = {
        str(class_record_xml.file_digest(octets(file))): octets(file)
        for file in XML
        if file.startswith(f"{name}/")
    }
    book = read_book(
        octets(f"{name}/nam-hoc.xml"),
        fetch=lambda digest: files.get(str(digest)),
        trust=material(name),
        at=moment(name),
    )

    assert book.problems == ()
    assert book.tree is not None
    assert {str(digest) for digest in book.files} == set(files)


class TestGoldenSets:
    def test_hold_every_file_they_expect_and_no_other(self) -> None:
        for name in SETS:
            assert sorted(expected(name)["files"]) == sorted(
                file.partition("/")[2] for file in FILES if file.startswith(f"{name}/")
            )

    def test_cover_every_namespace_that_can_be_read(self) -> None:
        found = {etree.QName(etree.fromstring(octets(file))).namespace for file in XML}

        assert found == {*transcript_xml.NAMESPACES, *class_record_xml.NAMESPACES}

    def test_cover_every_form_of_the_transcript(self) -> None:
        forms = {value.form for name in PAIRS if (value := report(f"{name}/hoc-ba.xml").transcript)}

        assert forms == set(WORDS)

    def test_stay_small(self) -> None:
        assert sum(path.stat().st_size for path in GOLDEN.rglob("*") if path.is_file()) < 1_500_000
