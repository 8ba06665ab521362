from __future__ import annotations

from typing import Any

import pytest

from hocba.regulations.circular43 import programmes
from hocba.regulations.errors import InputError
from hocba.regulations.evaluation import evaluate
from tests.unit.regulations.records import year


def learner(**changes: Any) -> dict[str, Any]:
    return year(scores=["3.0"]) | {"regulation": "TT43-2021"} | changes


class TestEvaluateContinuingYear:
    def test_gives_no_level_while_the_number_of_subjects_is_open(self) -> None:
        answer = evaluate(learner())

        assert answer["subjects"][0]["year"] == "3.0"
        assert answer["learning"]["year"] is None
        assert answer["promotion"] is None
        assert any(
            "số môn tối thiểu" in reason and "chưa được cấu hình" in reason for reason in answer["reasons"]
        )

    def test_uses_the_number_a_centre_states_and_says_it_is_unconfirmed(self) -> None:
        answer = evaluate(learner(thresholds={"enough_subjects": 5}))

        assert answer["learning"]["year"] == "DAT"
        assert answer["promotion"] == "PROMOTED"
        assert any("chưa được xác nhận" in reason for reason in answer["reasons"])

    def test_cites_its_own_articles_and_none_it_has_not_read(self) -> None:
        stated = {"enough_subjects": 6}
        answer = evaluate(learner(thresholds=stated, conduct={"terms": ["DAT", "CHUA_DAT"]}), explain=True)
        articles = {step["rule"]["article"] for step in answer["explanation"]}

        assert answer["promotion"] == "SUMMER_TRAINING"
        assert articles == {"", "Điều 12"}
        assert not any("Điều 9" in reason for reason in answer["reasons"])

    def test_retains_after_too_many_absences_whatever_is_open(self) -> None:
        assert evaluate(learner(absences=46))["promotion"] == "RETAINED"

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"programme": "GDTX-THPT"}, "programme"),
            ({"programme": "X"}, "programme"),
            ({"thresholds": []}, "thresholds"),
            ({"thresholds": {"enough_subjects": 0}}, "thresholds.enough_subjects"),
            ({"thresholds": {"enough": 5}}, "thresholds.enough"),
            ({"thresholds": {"floor": 3.5}}, "thresholds.floor"),
            ({"thresholds": {"good_all": "8.5"}}, "thresholds"),
        ],
    )
    def test_refuses_thresholds_that_make_no_sense(self, changes: dict[str, Any], path: str) -> None:
        with pytest.raises(InputError) as caught:
            evaluate(learner(**changes))

        assert path in {problem.path for problem in caught.value.problems}


class TestProgrammes:
    def test_say_what_stands_open(self) -> None:
        assert {name: each["enough_subjects"] for name, each in programmes().items()} == {
            "GDTX-THCS": None,
            "GDTX-THPT": None,
        }
