from __future__ import annotations

import pytest

from hocba.regulations.applicability import mismatch, regulation_for, rules
from hocba.regulations.errors import InputError
from hocba.regulations.evaluation import EVALUATORS, evaluate
from tests.unit.regulations.records import year


class TestRegulationFor:
    @pytest.mark.parametrize(
        ("level", "grade", "first"),
        [
            ("TIEUHOC", 1, 2020),
            ("TIEUHOC", 2, 2021),
            ("TIEUHOC", 3, 2022),
            ("TIEUHOC", 4, 2023),
            ("TIEUHOC", 5, 2024),
            ("THCS", 6, 2021),
            ("THCS", 7, 2022),
            ("THCS", 8, 2023),
            ("THCS", 9, 2024),
            ("THPT", 10, 2022),
            ("THPT", 11, 2023),
            ("THPT", 12, 2024),
        ],
    )
    def test_changes_grade_by_grade(self, level: str, grade: int, first: int) -> None:
        before, since = ("TT30-2014", "TT27-2020") if level == "TIEUHOC" else ("TT58-2011", "TT22-2021")

        assert regulation_for(level, grade, f"{first - 1}-{first}") == before
        assert regulation_for(level, grade, f"{first}-{first + 1}") == since
        assert regulation_for(level, grade, "2030-2031") == since

    def test_follows_a_pupil_who_repeated_a_grade(self) -> None:
        assert regulation_for("THCS", 6, "2020-2021") == "TT58-2011"
        assert regulation_for("THCS", 6, "2021-2022") == "TT22-2021"

    def test_keeps_continuing_education_apart(self) -> None:
        assert regulation_for("THCS", 9, "2024-2025", continuing=True) == "TT43-2021"
        assert regulation_for("THCS", 9, "2020-2021", continuing=True) is None

    def test_knows_no_rule_for_very_old_years(self) -> None:
        assert regulation_for("THCS", 9, "2005-2006") is None

    def test_names_only_regulations_that_can_be_evaluated(self) -> None:
        assert {rule.regulation for rule in rules()} == set(EVALUATORS)


class TestMismatch:
    def test_says_which_regulation_it_should_be(self) -> None:
        assert mismatch("TT22-2021", "THCS", 9, "2023-2024") == (
            "lớp 9 năm học 2023-2024 áp dụng TT58-2011, không phải TT22-2021."
        )
        assert mismatch("TT22-2021", "THCS", 9, "2024-2025") is None
        assert mismatch("TT43-2021", "THCS", 9, "2024-2025") is None

    def test_is_an_error_of_a_record_that_names_its_year(self) -> None:
        evaluate(year() | {"school_year": "2024-2025"})
        with pytest.raises(InputError, match="áp dụng TT58-2011"):
            evaluate(year() | {"school_year": "2020-2021"})
