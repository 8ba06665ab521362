from __future__ import annotations

from typing import Any

import pytest

from hocba.regulations.errors import InputError
from hocba.regulations.evaluation import evaluate


def year(**changes: Any) -> dict[str, Any]:
    scored = ("NGUVAN", "TOAN", "NN1", "VATLI", "HOAHOC", "SINHHOC", "LICHSU", "DIALI")
    subjects = [{"code": code, "kind": "score", "terms": ["8.0", "8.3"], "year": "8.2"} for code in scored]
    subjects.append({"code": "THEDUC", "kind": "comment", "terms": ["CD", "D"], "year": "D"})
    return {
        "regulation": "TT58-2011",
        "level": "THCS",
        "grade": 9,
        "school_year": "2019-2020",
        "subjects": subjects,
        "averages": {"terms": ["8.0", "8.3"], "year": "8.2"},
        "learning": {"terms": ["GIOI", "GIOI"], "year": "GIOI"},
        "conduct": {"terms": ["TOT", "TOT"], "year": "TOT"},
        "absences": 3,
        "promotion": "PROMOTED",
        "title": "GIOI",
    } | changes


def warnings_of(record: dict[str, Any]) -> dict[str, str]:
    return {each["path"]: each["message"] for each in evaluate(record)["warnings"]}


class TestCheckRecordedYear:
    def test_returns_what_was_recorded(self) -> None:
        answer = evaluate(year())

        assert answer["plausible"] is True
        assert answer["recorded"]["learning"] == {"terms": ["GIOI", "GIOI"], "year": "GIOI"}
        assert answer["recorded"]["subjects"] == year()["subjects"]

    def test_warns_and_changes_nothing(self) -> None:
        record = year()
        record["subjects"][0]["year"] = "9.2"
        answer = evaluate(record)

        assert answer["recorded"]["subjects"][0]["year"] == "9.2"
        assert warnings_of(record)["subjects[0].year"] == "ghi 9,2, từ hai học kì tính được 8,2."

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"averages": {"terms": ["8.0", "8.3"], "year": "8.4"}}, "averages.year"),
            ({"learning": {"terms": ["GIOI", "GIOI"], "year": "KHA"}}, "learning.year"),
            ({"absences": 46}, "promotion"),
            ({"conduct": {"terms": ["YEU", "YEU"], "year": "YEU"}}, "promotion"),
            ({"conduct": {"terms": ["KHA", "KHA"], "year": "KHA"}}, "title"),
        ],
    )
    def test_points_at_what_does_not_agree(self, changes: dict[str, Any], path: str) -> None:
        assert path in warnings_of(year(**changes))

    def test_accepts_a_level_lifted_because_of_one_subject(self) -> None:
        record = year(averages={"terms": ["8.0", "8.3"], "year": "7.8"}, title=None)
        record["subjects"][7] |= {"terms": ["4.8", "4.8"], "year": "4.8"}
        record["learning"]["year"] = "KHA"

        assert warnings_of(record) == {}

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"learning": {"terms": ["TOT", "GIOI"], "year": "GIOI"}}, "learning.terms[0]"),
            ({"conduct": {"terms": ["TOT"], "year": "TOT"}}, "conduct.terms"),
            (
                {"subjects": [{"code": "TOAN", "kind": "score", "terms": ["8,0", None], "year": None}]},
                "subjects[0].terms[0]",
            ),
            ({"title": "XUAT_SAC"}, "title"),
            ({"grade": 10}, "grade"),
            ({"school_year": "2024-2025"}, "regulation"),
        ],
    )
    def test_refuses_what_it_cannot_read(self, changes: dict[str, Any], path: str) -> None:
        with pytest.raises(InputError) as caught:
            evaluate(year(**changes))

        assert path in {problem.path for problem in caught.value.problems}
