"""What workbooks of tiểu học say, as entries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hocba.documents.workbooks.values import PrimaryRow
from hocba.tracking.gradebook import primary_entries as entries
from hocba.tracking.roster.queries import Class
from tests.factories import primary_school as school

GROUP = Class(
    school_code="1",
    school_year="2024-2025",
    name=school.CLASS,
    grade=school.GRADE,
    level="TIEUHOC",
    homeroom_code="",
    subjects=school.SUBJECTS,
)
CLASSES = {GROUP.name: GROUP}
FIRST = school.PUPILS[0]


def with_subject(time: int, code: str, **changes: Any) -> list[PrimaryRow]:
    """All rows of the first pupil, with one subject changed at one time."""
    found = []
    for each in range(4):
        row = school.row(FIRST, each)
        if each == time:
            subjects = [replace(one, **changes) if one.code == code else one for one in row.subjects]
            row = replace(row, subjects=tuple(subjects))
        found.append(row)
    return found


def of(rows: list[PrimaryRow], code: str, term: int) -> entries.PrimaryMarks:
    return next(
        entry
        for entry in entries.marks_from(rows)
        if (entry.subject_code, entry.term, entry.pupil_code) == (code, term, FIRST)
    )


class TestMarksFrom:
    def test_puts_two_times_into_each_term(self) -> None:
        rows = with_subject(2, "TOAN", level="C")

        second = of(rows, "TOAN", 2)

        assert (second.middle_level, second.middle_test, second.end_level, second.end_test) == (
            "C",
            None,
            "T",
            "8",
        )
        assert of(rows, "TOAN", 1).middle_level == "T"

    def test_takes_the_remark_of_the_end_and_that_of_the_middle_where_the_end_has_none(self) -> None:
        assert of(with_subject(0, "TOAN", remark="Giữa kì."), "TOAN", 1).remark == "Tiến bộ."
        rows = with_subject(0, "TOAN", remark="Giữa kì.")
        rows[1] = replace(
            rows[1], subjects=tuple(replace(one, remark="") for one in school.row(FIRST, 1).subjects)
        )
        assert of(rows, "TOAN", 1).remark == "Giữa kì."

    def test_is_the_same_in_whatever_order_the_times_come(self) -> None:
        rows = list(school.rows())

        assert entries.marks_from(rows[::-1]) != []
        assert {(e.pupil_code, e.subject_code, e.term): e for e in entries.marks_from(rows[::-1])} == {
            (e.pupil_code, e.subject_code, e.term): e for e in entries.marks_from(rows)
        }

    def test_says_nothing_of_a_subject_that_nobody_spoke_of(self) -> None:
        rows = [
            replace(
                row,
                subjects=tuple(
                    replace(one, level=None, test=None, remark="") if one.code == "NN1" else one
                    for one in row.subjects
                ),
            )
            for row in school.rows()
        ]

        assert "NN1" not in {entry.subject_code for entry in entries.marks_from(rows)}


class TestSummariesFrom:
    def test_keeps_levels_of_both_terms_and_the_decisions_of_the_year(self) -> None:
        entry = next(each for each in entries.summaries_from(school.rows()) if each.pupil_code == FIRST)

        assert entry.traits_term1["YEUNUOC"] == ["D", "D"]
        assert entry.traits_term2["YEUNUOC"] == ["D", "T"]
        assert (entry.overall, entry.completed, entry.promoted, entry.award) == (
            "HOAN_THANH_TOT",
            True,
            True,
            "Thư khen",
        )
        assert (entry.absences_excused, entry.homeroom_remark) == (2, "Ngoan, lễ phép.")
        assert entry.remark_term2 == ""

    def test_decides_nothing_that_nobody_decided(self) -> None:
        rows = [school.row(FIRST, time, overall=None, completed=None, promoted=None) for time in range(4)]

        (entry,) = entries.summaries_from(rows)

        assert (entry.overall, entry.completed, entry.promoted) == (None, None, None)


class TestProblems:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"end_level": "D"}, "“D” không phải là mức đạt được"),
            ({"end_test": "8.5"}, "“8.5” không phải là điểm kiểm tra"),
            ({"middle_test": "8"}, "giữa học kì I môn này không có bài kiểm tra"),
            ({"remark": "x" * 2001}, "nhận xét dài quá 2000 ký tự"),
            ({"subject_code": "KHTN"}, "Không có môn học mang mã KHTN"),
        ],
    )
    def test_of_marks_name_class_subject_and_pupil(self, change: dict[str, Any], words: str) -> None:
        entry = entries.PrimaryMarks(
            **{"class_name": "3A", "subject_code": "TOAN", "term": 1, "pupil_code": FIRST, **change}
        )

        (problem,) = entries.problems_of_marks([entry], CLASSES)

        assert words in problem

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"traits_term1": {"KHONGCO": ["T", "T"]}}, "“KHONGCO” không phải là phẩm chất, năng lực"),
            ({"traits_term2": {"YEUNUOC": ["T", "H"]}}, "“H” không phải là mức của phẩm chất"),
            ({"overall": "TOT"}, "“TOT” không phải là kết quả đánh giá giáo dục"),
            ({"absences_excused": 400}, "400 không phải là số buổi nghỉ học"),
            ({"award": "x" * 501}, "khen thưởng dài quá 500"),
            ({"homeroom_remark": "x" * 2001}, "nhận xét dài quá 2000"),
        ],
    )
    def test_of_summaries_name_class_and_pupil(self, change: dict[str, Any], words: str) -> None:
        entry = entries.PrimarySummary(class_name="3A", pupil_code=FIRST, **change)

        (problem,) = entries.problems_of_summaries([entry], CLASSES)

        assert words in problem
        assert FIRST in problem

    def test_are_none_in_what_the_sample_class_says(self) -> None:
        assert entries.problems_of_marks(entries.marks_from(school.rows()), CLASSES) == []
        assert entries.problems_of_summaries(entries.summaries_from(school.rows()), CLASSES) == []
