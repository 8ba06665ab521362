"""What may be entered."""

from __future__ import annotations

import pytest

from hocba.tracking.gradebook.entries import Marks, Summary, problems_of_marks, problems_of_summaries
from hocba.tracking.roster.queries import Class

CLASS = Class(
    school_code="79764501",
    school_year="2024-2025",
    name="6A1",
    grade=6,
    level="THCS",
    homeroom_code="GV0008",
    subjects=("TOAN", "GDTC"),
)


def problems(**changes: object) -> list[str]:
    entry = {"class_name": "6A1", "subject_code": "TOAN", "term": 1, "pupil_code": "P1", **changes}
    return problems_of_marks([Marks(**entry)], {CLASS.name: CLASS})  # type: ignore[arg-type]


class TestMarks:
    @pytest.mark.parametrize("mark", ["0.0", "10.0", "7.5", None])
    def test_of_a_scored_subject_are_tenths_up_to_ten(self, mark: str | None) -> None:
        assert problems(final=mark) == []

    @pytest.mark.parametrize("mark", ["10.1", "8", "8,0", "D", "-1.0", ""])
    def test_of_a_scored_subject_are_nothing_else(self, mark: str) -> None:
        assert len(problems(final=mark)) == 1

    def test_of_a_comment_subject_are_letters(self) -> None:
        assert problems(subject_code="GDTC", regular=("D", "CD")) == []
        assert len(problems(subject_code="GDTC", regular=("D", "8.0"))) == 1

    def test_of_a_retest_belong_to_the_second_term(self) -> None:
        assert problems(term=2, retest="5.0") == []
        assert problems(term=1, retest="5.0") != []

    def test_need_a_subject(self) -> None:
        assert problems(subject_code="KHONG_CO") == ["Không có môn học mang mã KHONG_CO."]

    def test_lose_stray_blanks_of_the_remark(self) -> None:
        entry = Marks(
            class_name="6A1", subject_code="TOAN", term=1, pupil_code="P1", remark="  Chăm \n chỉ. "
        )

        assert entry.stated()["remark"] == "Chăm chỉ."


class TestSummaries:
    def test_name_every_level_and_count_that_is_none(self) -> None:
        entry = Summary(
            class_name="6A1",
            pupil_code="P1",
            conduct_term1="GIOI",
            absences_excused=-1,
            absences_unexcused=400,
        )

        assert len(problems_of_summaries([entry])) == 3
