"""Names of the files of a class."""

from __future__ import annotations

from uuid import UUID

from hocba.transcripts.issuing.class_files import stems
from hocba.transcripts.records.models import TranscriptVersion

YEAR = "2024-2025"
IDS = [UUID(int=number) for number in range(1, 4)]


def named(*codes: str, version: int = 1) -> list[str]:
    return stems(
        [
            TranscriptVersion(pupil_code=code, school_year=YEAR, version=version, transcript_id=ident)
            for code, ident in zip(codes, IDS, strict=False)
        ]
    )


class TestStems:
    def test_are_code_and_year(self) -> None:
        assert named("HS0001", "HS0002") == [f"HS0001_{YEAR}", f"HS0002_{YEAR}"]

    def test_tell_a_later_version(self) -> None:
        assert named("HS0001", version=2) == [f"HS0001_{YEAR}_v2"]

    def test_choose_no_folder(self) -> None:
        assert named("../A\\1") == [f".._A_1_{YEAR}"]

    def test_tell_codes_apart_that_look_the_same(self) -> None:
        assert named("A/1", "A_1", "B") == [f"A_1_{IDS[0]}_{YEAR}", f"A_1_{IDS[1]}_{YEAR}", f"B_{YEAR}"]
        assert len({name.casefold() for name in named("a1", "A1")}) == 2

    def test_tell_pupils_without_a_code_apart(self) -> None:
        assert named("", "") == [f"{IDS[0]}_{YEAR}", f"{IDS[1]}_{YEAR}"]
