"""Grades from class names."""

from __future__ import annotations

import pytest

from hocba.sector.enrolment.actions import ClassNameError, grade_of


class TestGradeOf:
    @pytest.mark.parametrize(("name", "grade"), [("6A1", 6), ("9/2", 9), ("12 Toán", 12), ("10A", 10)])
    def test_is_what_the_name_begins_with(self, name: str, grade: int) -> None:
        assert grade_of(name) == grade

    @pytest.mark.parametrize("name", ["A1", "", "0A", "13B"])
    def test_is_refused_without_one(self, name: str) -> None:
        with pytest.raises(ClassNameError):
            grade_of(name)
