from __future__ import annotations

import random

from hocba.regulations.evaluation import evaluate
from hocba.regulations.lists import learning_lists, subjects_to_retest, year_lists
from tests.unit.regulations.records import year
from tests.unit.regulations.test_second_reading import pupil

CLASS = {
    "An": year(scores=["9.0"] * 6),
    "Bình": year(),
    "Chi": year(scores=["6.0"] * 8),
    "Dũng": year(scores=["3.0", "3.2"], comments=["CD"]),
    "Giang": year(scores=["3.0", "3.2"], retests={"NGUVAN": "5.0"}),
    "Hà": year(scores=["3.0", "3.2"], retests={"NGUVAN": "2.0"}),
    "Khoa": year(conduct=("DAT", "CHUA_DAT")),
    "Lan": year(conduct=("DAT", "CHUA_DAT"), after_summer="DAT"),
    "Minh": year(absences=46),
    "Nga": year(absences=None),
}
ANSWERS = [(name, evaluate(record)) for name, record in CLASS.items()]


class TestYearLists:
    def test_put_every_pupil_where_the_year_ended(self) -> None:
        lists = year_lists(ANSWERS)

        assert lists.promoted == ["An", "Bình", "Chi"]
        assert lists.promoted_after_retest == ["Giang"]
        assert lists.promoted_after_summer == ["Lan"]
        assert lists.retained == ["Hà", "Minh"]
        assert lists.retest == [("Dũng", ("NGUVAN", "TOAN", "GDTC"))]
        assert lists.summer_training == ["Khoa"]
        assert [name for name, _ in lists.undecided] == ["Nga"]
        assert lists.excellent == ["An"]
        assert lists.good == ["Bình", "Minh", "Nga"]

    def test_lose_nobody_and_count_nobody_twice(self) -> None:
        chance = random.Random(5)
        lists = year_lists((number, evaluate(pupil(chance))) for number in range(300))
        numbers = [
            *lists.promoted,
            *lists.promoted_after_retest,
            *lists.promoted_after_summer,
            *lists.retained,
            *lists.summer_training,
            *(number for number, _ in lists.retest),
            *(number for number, _ in lists.undecided),
        ]

        assert sorted(numbers) == list(range(300))


class TestSubjectsToRetest:
    def test_are_those_under_five_and_those_failed(self) -> None:
        answer = evaluate(year(scores=["4.9", "5.0"], comments=["D", "CD"]))

        assert subjects_to_retest(answer) == ("NGUVAN", "NGHETHUAT")


class TestLearningLists:
    def test_sort_by_the_level_of_a_term_or_the_year(self) -> None:
        assert learning_lists(ANSWERS, 1)["TOT"] == ["An", "Bình", "Khoa", "Lan", "Minh", "Nga"]
        assert learning_lists(ANSWERS)["KHA"] == []
        assert list(learning_lists([])) == ["TOT", "KHA", "DAT", "CHUA_DAT", None]
