from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hocba.cli.verify_groups import MOST_TOGETHER, are_pair, groups_of
from tests.factories import transcripts

PAIR = transcripts.pair()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    other = replace(transcripts.another_pupil(), id="0190d6a4-1111-7000-8000-0000000000ff")
    (tmp_path / "a.xml").write_bytes(PAIR.xml)
    (tmp_path / "b.pdf").write_bytes(PAIR.pdf)
    (tmp_path / "c.xml").write_bytes(transcripts.sign_xml(transcripts.school(), other))
    (tmp_path / "d.txt").write_bytes(b"junk")
    return tmp_path


def numbers(folder: Path, *names: str) -> list[list[int]]:
    return [[each.number for each in group] for group in groups_of([str(folder / name) for name in names])]


class TestArePair:
    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (["a.xml", "b.pdf"], True),
            (["b.pdf", "a.xml"], True),
            (["a.xml", "a.xml"], False),
            (["c.xml", "b.pdf"], False),
            (["a.xml", "b.pdf", "a.xml"], False),
            (["a.xml", "missing.pdf"], False),
            (["a.xml"], False),
        ],
    )
    def test_asks_for_one_of_each_kind_of_one_transcript(
        self, folder: Path, names: list[str], expected: bool
    ) -> None:
        assert are_pair([str(folder / name) for name in names]) is expected


class TestGroupsOf:
    def test_put_xml_and_pdf_of_one_transcript_together_whatever_they_are_called(self, folder: Path) -> None:
        assert numbers(folder, "a.xml", "c.xml", "d.txt", "b.pdf") == [[0, 3], [1], [2]]

    def test_keep_what_cannot_be_read(self, folder: Path) -> None:
        assert numbers(folder, "missing.xml", ".", "d.txt") == [[0], [1], [2]]

    def test_keep_every_file_once_when_one_is_named_often(self, folder: Path) -> None:
        found = numbers(folder, *["a.xml"] * (MOST_TOGETHER * 2 + 1))

        assert [len(group) for group in found] == [MOST_TOGETHER, MOST_TOGETHER, 1]
        assert [number for group in found for number in group] == list(range(MOST_TOGETHER * 2 + 1))
