"""Builds primary pupil-years for `evaluate`."""

from __future__ import annotations

from typing import Any

from hocba.regulations import curriculum
from hocba.regulations.circular27 import rules


def year(grade: int = 4, *, level: str = "T", trait: str = "T", test: str = "9") -> dict[str, Any]:
    """A pupil-year with the same level, trait and test mark everywhere and at every time."""
    tested = rules.tests_of(grade)
    return {
        "regulation": "TT27-2020",
        "level": "TIEUHOC",
        "grade": grade,
        "subjects": [
            {
                "code": each.code,
                "levels": [level] * 4,
                "tests": [test if time in tested[each.code] else None for time in range(4)]
                if each.code in tested
                else None,
            }
            for each in curriculum.subjects_for("TIEUHOC", grade)
            if each.group_in(grade) == "compulsory"
        ],
        "qualities": {code: [trait] * 4 for code in rules.qualities()},
        "competences": {code: [trait] * 4 for code in rules.competences(grade)},
    }


def subject_of(record: dict[str, Any], code: str) -> dict[str, Any]:
    """The subject of that code in a record or an answer."""
    found: dict[str, Any] = next(each for each in record["subjects"] if each["code"] == code)
    return found
