from __future__ import annotations

import pytest
from lxml import etree

from hocba.documents.verification import coverage

FILE = '<r phienBanLuocDo="1.0"><a Id="a"><b x="1">text</b></a><s><q Id="s1"><v>x</v></q></s></r>'


def passes(file: str = FILE, *, covered: set[str], signatures: set[str]) -> bool:
    return coverage.check(etree.fromstring(file), covered=covered, good_signatures=signatures).passed


class TestCheck:
    def test_passes_when_regions_and_signatures_leave_nothing(self) -> None:
        assert passes(covered={"#a"}, signatures={"s1"})

    def test_passes_when_the_whole_document_is_signed(self) -> None:
        assert passes(covered={""}, signatures=set())

    @pytest.mark.parametrize(("covered", "signatures"), [(set(), {"s1"}), ({"#a"}, set()), ({"#b"}, {"s1"})])
    def test_fails_when_a_part_is_left(self, covered: set[str], signatures: set[str]) -> None:
        assert not passes(covered=covered, signatures=signatures)

    @pytest.mark.parametrize(
        "file",
        [
            FILE.replace("<s>", '<s y="1">'),
            FILE.replace("<s>", "<s>text"),
            FILE.replace("</s>", "</s>text"),
            FILE.replace("<s>", "<s><t>text</t>"),
            FILE.replace("<s>", '<s><t y="1"/>'),
        ],
    )
    def test_fails_when_a_wrapper_says_something(self, file: str) -> None:
        assert not passes(file, covered={"#a"}, signatures={"s1"})
