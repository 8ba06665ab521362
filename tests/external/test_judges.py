"""Every file of a class that went the whole way, before judges that are not ours.

`python -m tools.judge_demo DIR` does the same for all files of a demo.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from tools import judge_demo

from tests.e2e.walk import PUPILS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.walk import Walk

pytestmark = [pytest.mark.external, pytest.mark.e2e]

XML_SIGNATURES, SEAL = 15, 14


@pytest.fixture(autouse=True)
def _installed(request: pytest.FixtureRequest) -> None:
    judge = request.getfixturevalue("judge")
    if not judge_demo.is_installed(judge):
        if os.environ.get("HOCBA_REQUIRE_EXTERNAL") == "True":
            pytest.fail(f"{judge} is not installed, and HOCBA_REQUIRE_EXTERNAL=True asks for it")
        pytest.skip(f"{judge} is not installed")


@pytest.mark.parametrize("judge", judge_demo.XML_JUDGES)
class TestXml:
    def test_is_accepted_signature_by_signature(self, walk: Walk, judge: str) -> None:
        files = [xml for xml, _ in walk.pairs]
        verdicts = judge_demo.XML_JUDGES[judge](files, walk.out / "trust")
        assert verdicts == {path: [True] * XML_SIGNATURES for path in files}
        assert len(files) == PUPILS

    def test_with_another_mark_is_refused(self, walk: Walk, judge: str, tmp_path: Path) -> None:
        """One digit of one mark voids its teacher's signature and the three that cover the whole record."""
        verdicts = _of_changed(walk, judge, tmp_path, rb"(<CaNam>)\d", rb"\g<1>9")
        assert verdicts == [False] + [True] * 11 + [False] * 3

    def test_with_another_signing_time_is_refused(self, walk: Walk, judge: str, tmp_path: Path) -> None:
        verdicts = _of_changed(walk, judge, tmp_path, rb"(:\d\d)\+07:00(</[^>]*SigningTime>)", rb"\1+08:00\2")
        assert (verdicts[0], verdicts[SEAL]) == (False, False)
        assert all(verdicts[1:SEAL])

    def test_with_a_signature_taken_out_is_refused(self, walk: Walk, judge: str, tmp_path: Path) -> None:
        verdicts = _of_changed(walk, judge, tmp_path, rb"<ds:Signature .*?</ds:Signature>", b"")
        assert verdicts == [True] * (SEAL - 1) + [False]


@pytest.mark.parametrize("judge", judge_demo.PDF_JUDGES)
class TestPdf:
    def test_is_accepted_signature_by_signature(self, walk: Walk, judge: str) -> None:
        files = [pdf for _, pdf in walk.pairs]
        verdicts = judge_demo.PDF_JUDGES[judge](files, walk.out / "trust")
        assert verdicts == {path: [True] * judge_demo.PDF_SIGNATURES for path in files}
        assert len(files) == PUPILS

    def test_with_one_other_byte_is_refused(self, walk: Walk, judge: str, tmp_path: Path) -> None:
        """A byte of the first revision is covered by all three signatures."""
        content = bytearray(walk.pairs[0][1].read_bytes())
        content[content.index(b"stream") + 20] ^= 1
        changed = tmp_path / "changed.pdf"
        changed.write_bytes(content)
        assert True not in judge_demo.PDF_JUDGES[judge]([changed], walk.out / "trust")[changed]

    def test_with_something_added_after_the_seal_is_refused(
        self, walk: Walk, judge: str, tmp_path: Path
    ) -> None:
        changed = tmp_path / "changed.pdf"
        changed.write_bytes(walk.pairs[0][1].read_bytes() + b"%more\n")
        assert False in judge_demo.PDF_JUDGES[judge]([changed], walk.out / "trust")[changed]


def _of_changed(walk: Walk, judge: str, folder: Path, pattern: bytes, replacement: bytes) -> list[bool]:
    content = walk.pairs[0][0].read_bytes()
    changed, count = re.subn(pattern, replacement, content, count=1, flags=re.DOTALL)
    assert count == 1
    assert changed != content
    path = folder / "changed.xml"
    path.write_bytes(changed)
    return judge_demo.XML_JUDGES[judge]([path], walk.out / "trust")[path]
