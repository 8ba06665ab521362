"""Golden files of every kind, changed by a program: never valid, unless they mean the same octet for octet.

The seeds are fixed, so a failure comes back. `tests/fuzz` goes on from here with changes that nobody thought of.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy

import pytest
from lxml import etree

from hocba.documents.verification import Verdict
from tests.adversarial.test_wrapping import nth, written
from tests.factories import golden

BOOKS = tuple(file for file in golden.ONE_OF_EACH if file.startswith("so-lop"))
ALL = (*golden.ONE_OF_EACH, "hoc-ba-thcs-1.0/hoc-ba.pdf", "hoc-ba-tieu-hoc-1.0/hoc-ba.pdf")
CLASSES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "digit": lambda byte, chance: (
        b"%d" % ((byte[0] - 0x30 + chance.randint(1, 9)) % 10) if byte.isdigit() else b""
    ),
    "letter": lambda byte, chance: bytes([byte[0] ^ 0x20]) if byte.isalpha() else b"",
    "bit": lambda byte, chance: bytes([byte[0] ^ (1 << chance.randrange(8))]),
    "less than": lambda byte, chance: b"<",
    "quote": lambda byte, chance: b'"',
    "ampersand": lambda byte, chance: b"&",
    "zero": lambda byte, chance: b"\0",
    "high": lambda byte, chance: b"\xff",
    "doubled": lambda byte, chance: byte + byte,
    "blank after": lambda byte, chance: byte + b" ",
    "line after": lambda byte, chance: byte + b"\n",
    "removed": lambda byte, chance: b"",
}


def assert_not_another_meaning(file: str, data: bytes, place: object) -> None:
    good, report = golden.original(file), golden.judge(file, data)
    if report.verdict is Verdict.VALID:
        assert (report.transcript, report.class_record) == (good.transcript, good.class_record), place
        assert report.record_digest == good.record_digest, place
        assert [each.signed_at for each in report.signatures] == [
            each.signed_at for each in good.signatures
        ], place
        assert [each.certificate for each in report.signatures] == [
            each.certificate for each in good.signatures
        ]


@pytest.mark.parametrize("file", ALL)
class TestBytes:
    @pytest.mark.parametrize("name", CLASSES)
    def test_of_a_class_changed_give_no_other_meaning(self, file: str, name: str) -> None:
        chance, data = random.Random(f"{file} {name}"), golden.octets(file)
        for _ in range(25):
            at = chance.randrange(len(data))
            changed = CLASSES[name](data[at : at + 1], chance)
            assert_not_another_meaning(file, data[:at] + changed + data[at + 1 :], at)

    def test_moved_removed_and_repeated_in_runs_give_no_other_meaning(self, file: str) -> None:
        chance, data = random.Random(file), golden.octets(file)
        for _ in range(60):
            start, end, to = sorted(chance.randrange(len(data)) for _ in range(3))
            run = data[start:end]
            for mutant in (
                data[:start] + data[end:],
                data[:end] + run + data[end:],
                data[:start] + data[end:to] + run + data[to:],
            ):
                assert_not_another_meaning(file, mutant, (start, end, to))

    def test_exchanged_with_another_golden_file_give_no_other_meaning(self, file: str) -> None:
        chance, data = random.Random(file), golden.octets(file)
        for other in ALL:
            foreign = golden.octets(other)
            for _ in range(3):
                length = chance.randrange(1, 2000)
                at, source = chance.randrange(len(data)), chance.randrange(len(foreign))
                mutant = data[:at] + foreign[source : source + length] + data[at + length :]
                if mutant != data:
                    assert_not_another_meaning(file, mutant, (other, at, source, length))


def edited(file: str, edit: Callable[[etree._Element], bool], step: int) -> Iterator[tuple[str, bytes]]:
    root = etree.fromstring(golden.octets(file))
    for number in range(1, sum(1 for _ in root.iter()), step):
        copy = deepcopy(root)
        element = nth(copy, number)
        place = f"{number} {element.tag}"
        if edit(element):
            yield place, written(copy)


def remove(element: etree._Element) -> bool:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)
    return True


def repeat(element: etree._Element) -> bool:
    element.addnext(deepcopy(element))
    return True


def swap(element: etree._Element) -> bool:
    follower = element.getnext()
    if follower is None or etree.tostring(follower) == etree.tostring(element):
        return False
    follower.addnext(element)
    return True


def change_text(element: etree._Element) -> bool:
    text = element.text or ""
    element.text = ("7" if text[:1] != "7" else "8") + text[1:]
    return True


def change_attributes(element: etree._Element) -> bool:
    for name, value in element.attrib.items():
        element.set(name, f"{value}0" if value else "#x")
    return bool(element.attrib)


def rename(element: etree._Element) -> bool:
    element.tag = f"{element.tag}x"
    return True


def other_namespace(element: etree._Element) -> bool:
    element.tag = "{urn:x}" + etree.QName(element).localname
    return True


@pytest.mark.parametrize("file", BOOKS)
class TestElementsOfBooks:
    """What `test_edited_xml` does with transcripts, for sheets, terms and years of both levels."""

    @pytest.mark.parametrize(
        "edit", [remove, repeat, swap, change_text, change_attributes, rename, other_namespace]
    )
    def test_changed_are_refused(self, file: str, edit: Callable[[etree._Element], bool]) -> None:
        verdicts = [(place, golden.judge(file, data).verdict) for place, data in edited(file, edit, 2)]

        assert len(verdicts) >= 5
        assert [item for item in verdicts if item[1] is not Verdict.INVALID] == []

    def test_transplanted_from_another_book_are_refused(self, file: str) -> None:
        """Data or signatures of another sheet, term, year, class or level."""
        root = etree.fromstring(golden.octets(file))
        for other in golden.XML:
            if other == file or not other.startswith("so-lop"):
                continue
            foreign = etree.fromstring(golden.octets(other))
            for index in (0, 1):
                copy = deepcopy(root)
                copy.replace(copy[index], deepcopy(foreign[index]))
                assert golden.judge(file, written(copy)).verdict is Verdict.INVALID, other

    def test_of_which_one_signature_is_from_another_book_are_refused(self, file: str) -> None:
        tag = "{http://www.w3.org/2000/09/xmldsig#}Signature"
        root = etree.fromstring(golden.octets(file))
        foreign = [
            each
            for other in golden.XML
            if other != file
            for each in etree.fromstring(golden.octets(other)).iter(tag)
        ]
        for number in range(sum(1 for _ in root.iter(tag))):
            for stranger in foreign[::5]:
                copy = deepcopy(root)
                mine = list(copy.iter(tag))[number]
                mine.getparent().replace(mine, deepcopy(stranger))  # type: ignore[union-attr]
                assert golden.judge(file, written(copy)).verdict is Verdict.INVALID
