"""The tables of TT 27/2020, from data/circular27.json: what is tested and assessed in which grade."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Final

TIMES: Final = ("giữa học kì I", "cuối học kì I", "giữa học kì II", "cuối năm học")
YEAR_END: Final = 3
GRADES: Final = (1, 2, 3, 4, 5)

SUBJECT_LEVELS: Final = {"C": 0, "H": 1, "T": 2}
SUBJECT_LEVELS_SHOWN: Final = {"T": "Hoàn thành tốt", "H": "Hoàn thành", "C": "Chưa hoàn thành"}
TRAIT_LEVELS: Final = {"C": 0, "D": 1, "T": 2}
TRAIT_LEVELS_SHOWN: Final = {"T": "Tốt", "D": "Đạt", "C": "Cần cố gắng"}
TEST_MARKS: Final = {str(mark): mark for mark in range(11)}
"""Whole marks from 0 to 10: tests of tiểu học have no decimals (Điều 7 khoản 2)."""

OVERALL: Final = ("CHUA_HOAN_THANH", "HOAN_THANH", "HOAN_THANH_TOT", "HOAN_THANH_XUAT_SAC")
OVERALL_SHOWN: Final = ("Chưa hoàn thành", "Hoàn thành", "Hoàn thành tốt", "Hoàn thành xuất sắc")

EXCELLENT_TESTS: Final = 9  # Điều 9 khoản 2a: Hoàn thành xuất sắc
GOOD_TESTS: Final = 7  # Hoàn thành tốt
PASSED_TESTS: Final = 5  # Hoàn thành

OVERALL_ARTICLE: Final = "Điều 9 khoản 2 điểm a"
COMPLETION_ARTICLE: Final = "Điều 11"
TITLE_ARTICLE: Final = "Điều 13"
TEST_ARTICLE: Final = "Điều 7"


def circular() -> str:
    """The name of the circular as sentences cite it."""
    return str(_data()["circular"])


def version() -> str:
    """The circular and the number of our reading of it."""
    return str(_data()["version"])


def tests_of(grade: int) -> dict[str, tuple[int, ...]]:
    """Subject code to the times (0 to 3) its periodic test is held in that grade (Điều 7 khoản 1c)."""
    return {code: tuple(times) for code, times in _data()["tests"][str(grade)].items()}


def qualities() -> dict[str, str]:
    """Code to name of the five phẩm chất chủ yếu."""
    return dict(_data()["qualities"])


def competences(grade: int) -> dict[str, str]:
    """Code to name of the năng lực cốt lõi of a grade: three general ones, then the specific ones."""
    return general_competences() | specific_competences(grade)


def general_competences() -> dict[str, str]:
    """Code to name of the three năng lực chung."""
    return dict(_data()["general_competences"])


def specific_competences(grade: int) -> dict[str, str]:
    """Code to name of the năng lực đặc thù of a grade: công nghệ and tin học begin in grade 3."""
    first = _data()["from_grade"]
    return {
        code: name for code, name in _data()["specific_competences"].items() if grade >= first.get(code, 1)
    }


@cache
def _data() -> dict[str, Any]:
    text = resources.files("hocba.regulations").joinpath("data/circular27.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data
