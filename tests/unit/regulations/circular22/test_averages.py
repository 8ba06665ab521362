from __future__ import annotations

import pytest

from hocba.regulations.circular22 import averages


class TestTermAverage:
    @pytest.mark.parametrize(
        ("regular", "midterm", "final", "average"),
        [
            ([60, 60, 60], 55, 70, 63),  # 6.25 exactly: half up, where Python's round gives 6.2
            ([80, 90], 70, 80, 79),  # 55.0 : 7 = 7.857
            ([80, 95, 70, 85], 75, 80, 80),
            ([0, 0], 0, 0, 0),
            ([100] * 5, 100, 100, 100),
        ],
    )
    def test_weighs_every_regular_mark_once(
        self, regular: list[int], midterm: int, final: int, average: int
    ) -> None:
        assert averages.term_average(regular, midterm, final) == average

    def test_is_not_the_mean_of_three_kinds(self) -> None:
        # Some programs divide (mean of regular + 2 x midterm + 3 x final) by 6: that gives 4.0.
        assert averages.term_average([90, 90, 90, 90], 30, 30) == 57


class TestYearAverage:
    def test_weighs_the_second_term_twice(self) -> None:
        assert averages.year_average(60, 75) == 70

    def test_rounds_half_up(self) -> None:
        assert averages.year_average(64, 65) == 65  # 19.4 : 3 = 6.466 is 6.5


class TestTermComment:
    @pytest.mark.parametrize("failed", range(4))
    def test_needs_every_assessment(self, failed: int) -> None:
        results = [1, 1, 1, 1]
        results[failed] = 0

        assert averages.term_comment(results[:2], results[2], results[3]) == 0
        assert averages.term_comment([1, 1], 1, 1) == 1


class TestYearComment:
    def test_is_the_second_term_alone(self) -> None:
        assert averages.year_comment(0, 1) == 1
        assert averages.year_comment(1, 0) == 0
        assert averages.year_comment(None, 1) == 1
