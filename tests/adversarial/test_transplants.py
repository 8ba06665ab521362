"""Genuine parts of genuine transcripts put together: another pupil, version, year, class or school form of one pupil.

Every part is rightly signed by the right people; only what they belong to is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

import pytest
from lxml import etree

from hocba.documents.verification import Report, Verdict
from tests.adversarial.test_wrapping import DS, written
from tests.factories import transcripts

Judge = Callable[[bytes], Report]
SCHOOL = transcripts.school()
VALUE = replace(transcripts.transcript(), subjects=transcripts.transcript().subjects[:3])
OTHERS = {
    "another pupil": transcripts.another_pupil(VALUE),
    "another version": replace(VALUE, version=2),
    "another year": replace(VALUE, school_year="2024-2025", id=VALUE.id[:-1] + "9"),
    "another class": replace(VALUE, class_name="6A2"),
    "other marks": replace(VALUE, subjects=(replace(VALUE.subjects[0], year="9.9"), *VALUE.subjects[1:])),
}
FILE = transcripts.sign_xml(SCHOOL, VALUE)
FILES = {name: transcripts.sign_xml(SCHOOL, value) for name, value in OTHERS.items()}
SIGNATURE = f"{{{DS}}}Signature"


@pytest.mark.parametrize("name", OTHERS)
class TestParts:
    def test_both_files_are_valid_by_themselves(self, judge: Judge, name: str) -> None:
        """But for the marks that do not follow from the terms, which only the class book tells."""
        assert judge(FILE).verdict is Verdict.VALID
        assert judge(FILES[name]).verdict is Verdict.VALID

    @pytest.mark.parametrize("part", [0, 1, 2])
    def test_exchanged_are_refused(self, judge: Judge, name: str, part: int) -> None:
        """The record, the word on the PDF, all signatures."""
        root, other = etree.fromstring(FILE), etree.fromstring(FILES[name])
        root.replace(root[part], other[part])

        data = written(root)

        assert judge(data).verdict is Verdict.INVALID or data == written(etree.fromstring(FILE))

    def test_of_one_row_exchanged_are_refused(self, judge: Judge, name: str) -> None:
        """A subject's row with its teacher's signature, wherever rows stand."""
        tag = "{urn:hocba:hoc-ba:1.0}MonHoc"
        for index in range(3):
            root, other = etree.fromstring(FILE), etree.fromstring(FILES[name])
            mine, theirs = list(root.iter(tag))[index], list(other.iter(tag))[index]
            if etree.tostring(mine, with_tail=False) == etree.tostring(theirs, with_tail=False):
                continue
            mine.getparent().replace(mine, deepcopy(theirs))  # type: ignore[union-attr]
            own, strange = list(root.iter(SIGNATURE))[index], list(other.iter(SIGNATURE))[index]
            own.getparent().replace(own, deepcopy(strange))  # type: ignore[union-attr]

            assert judge(written(root)).verdict is Verdict.INVALID

    def test_of_one_signature_exchanged_are_refused(self, judge: Judge, name: str) -> None:
        """Each signature by its counterpart: ECDSA values differ each time, so even the same content shows."""
        count = len(list(etree.fromstring(FILE).iter(SIGNATURE)))
        for index in range(count):
            root, other = etree.fromstring(FILE), etree.fromstring(FILES[name])
            own, strange = list(root.iter(SIGNATURE))[index], list(other.iter(SIGNATURE))[index]
            own.getparent().replace(own, deepcopy(strange))  # type: ignore[union-attr]

            assert judge(written(root)).verdict is Verdict.INVALID, index

    def test_sealed_anew_by_a_school_that_looks_away_are_refused(self, judge: Judge, name: str) -> None:
        """The clerk's genuine seal over a record of one file with the teachers' signatures of another."""
        holders, plan = SCHOOL.keys, transcripts.acts(VALUE)
        root, other = etree.fromstring(FILE), etree.fromstring(FILES[name])
        root.replace(root[0], other[0])
        seal = list(root.iter(SIGNATURE))[-1]
        slot = seal.getparent()
        assert slot is not None
        slot.remove(seal)
        slot.text = ""
        unsealed = written(root).replace(b"<CoQuan/>", b"<CoQuan></CoQuan>")

        sealed = transcripts.seal(holders, plan, unsealed)

        assert sealed != unsealed
        assert judge(sealed).verdict is Verdict.INVALID
