"""What a seal signs, cut out of the document's octets, must be what a copy of the document without the seal says."""

from __future__ import annotations

from copy import deepcopy

import pytest
from lxml import etree

from hocba.signing.xmldsig import DS, canonical
from hocba.signing.xmldsig_profile import read_signature
from hocba.signing.xmldsig_regions import Regions
from tests.factories.signed_xml import EXPECTED, signature_of, signed_document


def copied_without(root: etree._Element, signature_id: str) -> bytes:
    copy = deepcopy(root)
    signature = signature_of(copy, signature_id)
    slot, tail = signature.getparent(), signature.tail
    assert slot is not None
    slot.remove(signature)
    slot.text = tail
    return canonical(copy)


def octets_without(root: etree._Element, signature_id: str) -> bytes:
    read = read_signature(signature_of(root, signature_id), allow_c14n10=False)
    (whole,) = [each for each in read.references if not each.uri]
    return Regions(root).octets(whole, read)


class TestWholeDocument:
    seal = next(signature_id for signature_id, uris in EXPECTED.items() if uris == [""])

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("<HocBa ", "<HocBa "),
            ("</ds:Signature></O></ChuKy>", "</ds:Signature> \n </O> x </ChuKy>"),
            ("<HocBa ", f'<HocBa xmlns:ds="{DS}" '),
            ("<HocBa ", f'<HocBa xmlns:ds="{DS}" ds:lop="6A1" '),
            ("<HocBa ", '<HocBa xmlns:khac="urn:x" '),
            ("<O></O>", '<O a="1">Ô &amp; &lt;ds:Signature&gt;</O>'),
        ],
        ids=["as written", "blanks", "prefix above", "prefix used above", "prefix unused", "look-alike"],
    )
    def test_is_all_but_the_signature(self, old: str, new: str) -> None:
        text = signed_document().decode().replace("<ChuKy>", "<O></O><ChuKy>")
        assert old in text
        root = etree.fromstring(text.replace(old, new).encode())

        assert octets_without(root, self.seal) == copied_without(root, self.seal)

    @pytest.mark.parametrize("disguise", ["<?x {} ?>", "<O>{}</O>"], ids=["instruction", "twice"])
    def test_never_lacks_another_part_of_the_same_octets(self, disguise: str) -> None:
        """The gate lets neither through; what a seal signs must not depend on that alone."""
        root = etree.fromstring(signed_document())
        own = canonical(signature_of(root, self.seal)).decode()
        # Used above, the prefix is not declared on the seal again, so that only the other part has its octets.
        changed = signed_document().decode().replace("<HocBa ", f'<HocBa xmlns:ds="{DS}" ds:lop="6A1" ')
        root = etree.fromstring(changed.replace("<HoSo ", f"{disguise.format(own)}<HoSo ").encode())
        seal = root.findall(f".//{{{DS}}}Signature[@Id='{self.seal}']")[-1]
        read = read_signature(seal, allow_c14n10=False)
        (whole,) = [each for each in read.references if not each.uri]

        assert disguise.split("{}")[0].encode() in Regions(root).octets(whole, read)
