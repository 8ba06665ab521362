"""Signature wrapping at every position of every kind of document (McIntosh and Austel 2005; Somorovsky et al. 2012).

The eight variants XSW1 to XSW8 differ in where the signed original hides (beside, around or inside of the forged
element, in ds:Object, in an extension) and in whether its Id is kept. Here a program takes all places that there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import pytest
from lxml import etree

from hocba.documents.verification import Report, Verdict
from tests.factories import golden

DS = "http://www.w3.org/2000/09/xmldsig#"
Mutant = tuple[str, bytes]


def written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def nth(root: etree._Element, number: int) -> etree._Element:
    return next(element for index, element in enumerate(root.iter()) if index == number)


def regions(root: etree._Element) -> list[int]:
    """Places, in the order of the document, of all that has an Id and is not a signature or in one."""
    return [
        index
        for index, element in enumerate(root.iter())
        if element.get("Id")
        and not str(element.tag).startswith(f"{{{DS}}}")
        and element.getparent() is not None
    ]


def forge(element: etree._Element, identifier: str | None) -> None:
    """Change the first value in it, and give it that Id (None: keep, empty: none at all)."""
    leaf = next(each for each in element.iter() if len(each) == 0 and (each.text or "").strip())
    leaf.text = "9" if leaf.text != "9" else "8"
    if identifier == "":
        del element.attrib["Id"]
    elif identifier is not None:
        element.set("Id", identifier)


def assert_refused(file: str, mutants: Iterator[Mutant], *, at_least: int) -> None:
    good, count = golden.original(file), 0
    for place, data in mutants:
        report = golden.judge(file, data)
        count += 1
        assert report.verdict in {Verdict.INVALID, Verdict.UNREADABLE}, place
        assert values(report) in ((None, None), values(good)), place
    assert count >= at_least


def values(report: Report) -> tuple[object, object]:
    return report.transcript, report.class_record


def hidden(
    file: str, region: int, identifier: str | None, *, step: int = 1, wrapper: str | None = None
) -> Iterator[Mutant]:
    """The forged region in the original's place, the original as first and as last child of every other element."""
    root = etree.fromstring(golden.octets(file))
    for number in range(0, sum(1 for _ in root.iter()), step):
        for index in (0, None):
            copy = deepcopy(root)
            shown, host = nth(copy, region), nth(copy, number)
            inside = host is shown or any(each is shown for each in host.iterancestors())
            original = deepcopy(shown)
            original.tail = None
            forge(shown, identifier)
            if wrapper is not None:
                around = etree.Element(wrapper)
                around.append(original)
                original = around
            host.insert(len(host) if index is None else index, original)
            yield f"{host.tag} {index} {'inside' if inside else ''}", written(copy)


@pytest.mark.parametrize("file", golden.ONE_OF_EACH)
class TestHiddenOriginal:
    """XSW3 to XSW8: the forged element is read, the original stands somewhere for the signature."""

    @pytest.mark.parametrize("identifier", [None, "gia-mao", ""], ids=["same Id", "another Id", "no Id"])
    def test_of_the_whole_record_is_refused_at_every_position(
        self, file: str, identifier: str | None
    ) -> None:
        record = regions(etree.fromstring(golden.octets(file)))[0]
        step = 1 if identifier == "gia-mao" else 3

        assert_refused(file, hidden(file, record, identifier, step=step), at_least=40)

    @pytest.mark.parametrize("wrapper", [f"{{{DS}}}Object", f"{{{DS}}}Signature", "{urn:x}Extension"])
    def test_in_a_wrapper_is_refused(self, file: str, wrapper: str) -> None:
        record = regions(etree.fromstring(golden.octets(file)))[0]

        assert_refused(file, hidden(file, record, "gia-mao", step=5, wrapper=wrapper), at_least=20)

    def test_of_every_smaller_region_is_refused(self, file: str) -> None:
        smaller = regions(etree.fromstring(golden.octets(file)))[1:4]
        for region in smaller:
            for identifier in (None, "gia-mao"):
                assert_refused(file, hidden(file, region, identifier, step=7), at_least=20)

    def test_instead_of_what_it_was_is_refused(self, file: str) -> None:
        """XSW1, XSW2: the original goes into the signature that signs it, or beside it, the forged one around it."""
        assert_refused(file, self._into_signatures(file), at_least=2)

    def _into_signatures(self, file: str) -> Iterator[Mutant]:
        root = etree.fromstring(golden.octets(file))
        record = regions(root)[0]
        for number, element in enumerate(root.iter()):
            if element.tag != f"{{{DS}}}Signature":
                continue
            for beside in (True, False):
                copy = deepcopy(root)
                shown, signature = nth(copy, record), nth(copy, number)
                original = deepcopy(shown)
                forge(shown, "gia-mao")
                if beside:
                    signature.addprevious(original)
                else:
                    signature[-1].append(original)
                yield f"{number} {beside}", written(copy)


@pytest.mark.parametrize("file", golden.ONE_OF_EACH)
class TestWholeDocument:
    def test_inside_a_forged_one_is_refused_at_every_position(self, file: str) -> None:
        def mutants() -> Iterator[Mutant]:
            root = etree.fromstring(golden.octets(file))
            for number in range(0, sum(1 for _ in root.iter()), 4):
                outer = deepcopy(root)
                forge(nth(outer, regions(root)[0]), None)
                if outer.get("Id"):
                    outer.set("Id", "gia-mao")
                nth(outer, number).append(deepcopy(root))
                yield str(number), written(outer)

        assert_refused(file, mutants(), at_least=15)

    def test_around_which_another_root_stands_is_refused(self, file: str) -> None:
        root = etree.fromstring(golden.octets(file))
        for tag in (str(root.tag), f"{{{DS}}}Signature", "{urn:x}x"):
            outer = etree.Element(tag, nsmap=root.nsmap)
            outer.append(deepcopy(root))
            assert golden.judge(file, written(outer)).verdict in {Verdict.INVALID, Verdict.UNREADABLE}

    def test_with_a_signature_moved_to_every_other_position_is_refused(self, file: str) -> None:
        def mutants() -> Iterator[Mutant]:
            root = etree.fromstring(golden.octets(file))
            signatures = [i for i, each in enumerate(root.iter()) if each.tag == f"{{{DS}}}Signature"]
            for source in {signatures[0], signatures[-1]}:
                home = nth(root, source).getparent()
                for number in range(0, sum(1 for _ in root.iter()), 3):
                    copy = deepcopy(root)
                    signature, host = nth(copy, source), nth(copy, number)
                    at_home = host.getroottree().getpath(host) == root.getroottree().getpath(home)  # type: ignore[arg-type]
                    if (
                        at_home
                        or signature is host
                        or any(each is signature for each in host.iterancestors())
                    ):
                        continue
                    host.append(signature)
                    yield f"{source} to {host.tag}", written(copy)

        assert_refused(file, mutants(), at_least=10)
