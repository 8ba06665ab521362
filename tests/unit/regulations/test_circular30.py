from __future__ import annotations

from typing import Any

import pytest

from hocba.regulations.errors import InputError
from hocba.regulations.evaluation import evaluate


def year(**changes: Any) -> dict[str, Any]:
    return {
        "regulation": "TT30-2014",
        "level": "TIEUHOC",
        "grade": 5,
        "school_year": "2019-2020",
        "subjects": [{"code": "TOAN", "level": "T", "test": "9"}, {"code": "DAODUC", "level": "H"}],
        "qualities": {"Chăm học, chăm làm": "T"},
        "competences": {"Tự học, giải quyết vấn đề": "D"},
        "completed": True,
        "awards": "Học sinh hoàn thành xuất sắc",
    } | changes


class TestCheckRecordedPrimaryYear:
    def test_returns_what_was_recorded(self) -> None:
        answer = evaluate(year() | {"id": "5A-07"})

        assert answer["id"] == "5A-07"
        assert answer["plausible"] is True
        assert answer["recorded"]["awards"] == "Học sinh hoàn thành xuất sắc"
        assert "không tính lại" in answer["reasons"][0]

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"subjects": [{"code": "TOAN", "level": "C"}]}, "subjects[0].level"),
            ({"subjects": [{"code": "TOAN", "level": "H", "test": "4"}]}, "subjects[0].test"),
            ({"qualities": {"Tự tin": "C"}}, "qualities.Tự tin"),
        ],
    )
    def test_warns_of_a_completion_that_does_not_agree(self, changes: dict[str, Any], path: str) -> None:
        assert [each["path"] for each in evaluate(year(**changes))["warnings"]] == [path]
        assert evaluate(year(**changes, completed=False))["warnings"] == []

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"subjects": [{"code": "TOAN", "level": "X"}]}, "subjects[0].level"),
            ({"subjects": [{"code": "TOAN", "level": "T", "test": "9.5"}]}, "subjects[0].test"),
            ({"competences": None}, "competences"),
            ({"completed": "x"}, "completed"),
            ({"school_year": "2024-2025"}, "regulation"),
        ],
    )
    def test_refuses_what_it_cannot_read(self, changes: dict[str, Any], path: str) -> None:
        with pytest.raises(InputError) as caught:
            evaluate(year(**changes))

        assert path in {problem.path for problem in caught.value.problems}
