from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocba.regulations.circular27 import rules
from hocba.regulations.errors import InputError
from hocba.regulations.evaluation import evaluate
from tests.unit.regulations.circular27.records import subject_of, year


def problems_of(record: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        evaluate(record)
    return {problem.path: problem.message for problem in caught.value.problems}


def random_year(seed: int) -> dict[str, Any]:
    """A pupil near one of the limits: uniform, then a few values moved."""
    chance = random.Random(seed)
    record = year(chance.choice(rules.GRADES), level=chance.choice("TTTH"), trait=chance.choice("TTD"))
    for each in record["subjects"]:
        if each["tests"]:
            each["tests"] = [
                mark and str(chance.choice((4, 5, 6, 7, 8, 9, 9, 9, 10))) for mark in each["tests"]
            ]
        if chance.random() < 0.05:
            each["levels"][3] = chance.choice(["T", "H", "C", None])
    for traits in (record["qualities"], record["competences"]):
        for code in traits:
            if chance.random() < 0.03:
                traits[code] = ["T", "T", "T", chance.choice("TDC")]
    return record


def plain_overall(record: dict[str, Any]) -> str | None:
    """Điều 9 khoản 2a once more, read sentence by sentence."""
    levels = [each["levels"][3] for each in record["subjects"]]
    traits = [times[3] for key in ("qualities", "competences") for times in record[key].values()]
    tests = [
        each["tests"][3] for each in record["subjects"] if each["code"] in rules.tests_of(record["grade"])
    ]
    if None in levels + traits + tests:
        return None
    marks = [int(mark) for mark in tests]
    if all(level == "T" for level in levels + traits) and all(mark >= 9 for mark in marks):
        return "HOAN_THANH_XUAT_SAC"
    if all(level == "T" for level in levels + traits) and all(mark >= 7 for mark in marks):
        return "HOAN_THANH_TOT"
    if "C" not in levels + traits and all(mark >= 5 for mark in marks):
        return "HOAN_THANH"
    return "CHUA_HOAN_THANH"


class TestOverall:
    @pytest.mark.parametrize(
        ("level", "trait", "test", "overall"),
        [
            ("T", "T", "9", "HOAN_THANH_XUAT_SAC"),
            ("T", "T", "8", "HOAN_THANH_TOT"),
            ("T", "T", "7", "HOAN_THANH_TOT"),
            ("T", "T", "6", "HOAN_THANH"),
            ("T", "T", "5", "HOAN_THANH"),
            ("T", "T", "4", "CHUA_HOAN_THANH"),
            ("H", "T", "10", "HOAN_THANH"),
            ("T", "D", "10", "HOAN_THANH"),
            ("C", "T", "10", "CHUA_HOAN_THANH"),
            ("T", "C", "10", "CHUA_HOAN_THANH"),
        ],
    )
    def test_reads_the_table_of_article_9(self, level: str, trait: str, test: str, overall: str) -> None:
        for grade in rules.GRADES:
            answer = evaluate(year(grade, level=level, trait=trait, test=test))
            assert answer["overall"]["year"] == overall

    @pytest.mark.parametrize("share", range(2))
    def test_agrees_with_a_second_reading(self, share: int) -> None:
        seen = set()
        for seed in range(1500):
            record = random_year(2 * seed + share)
            overall = evaluate(record)["overall"]["year"]
            assert overall == plain_overall(record)
            seen.add(overall)

        assert seen == {None, *rules.OVERALL}

    def test_waits_for_a_test_that_is_not_there(self) -> None:
        record = year(3)
        subject_of(record, "THCN")["tests"][3] = None
        answer = evaluate(record)

        assert answer["overall"]["year"] is None
        assert answer["completion"]["proposal"] is None
        assert answer["reasons"] == [
            "Môn Tin học và Công nghệ chưa có điểm kiểm tra cuối năm học (Điều 7).",
        ]

    def test_does_not_look_at_the_first_term(self) -> None:
        record = year()
        for each in record["subjects"]:
            each["levels"][:3] = ["C", "C", None]

        assert evaluate(record)["overall"]["year"] == "HOAN_THANH_XUAT_SAC"

    @given(st.integers(0, 10**9), st.randoms(use_true_random=False))
    @settings(max_examples=60, deadline=None)
    def test_does_not_depend_on_the_order_of_subjects(self, seed: int, chance: random.Random) -> None:
        record = random_year(seed)
        shuffled = copy.deepcopy(record)
        chance.shuffle(shuffled["subjects"])

        assert evaluate(record)["overall"] == evaluate(shuffled)["overall"]
        assert evaluate(record)["title"] == evaluate(shuffled)["title"]


class TestCompletion:
    def test_is_proposed_and_never_decided(self) -> None:
        assert evaluate(year())["completion"] == {"proposal": "COMPLETED", "decision": None}

    def test_proposes_support_before_anything_else(self) -> None:
        assert evaluate(year(test="4"))["completion"]["proposal"] == "SUPPORT"

    def test_counts_what_support_achieved_and_keeps_the_original(self) -> None:
        record = year()
        subject_of(record, "TOAN")["tests"][3] = "3"
        record["after_support"] = {"tests": {"TOAN": "6"}}
        answer = evaluate(record)

        assert answer["overall"] == {"year": "CHUA_HOAN_THANH", "after_support": "HOAN_THANH"}
        assert subject_of(answer, "TOAN")["test"] == "3"
        assert subject_of(answer, "TOAN")["test_after_support"] == "6"
        assert answer["completion"]["proposal"] == "COMPLETED"

    def test_leaves_a_pupil_who_still_has_not_completed_to_the_principal(self) -> None:
        record = year(level="C") | {"after_support": {"levels": {"TOAN": "H"}}, "decision": "COMPLETED"}
        answer = evaluate(record)

        assert answer["completion"] == {"proposal": "PRINCIPAL_DECIDES", "decision": "COMPLETED"}

    def test_remarks_on_a_decision_against_the_numbers(self) -> None:
        answer = evaluate(year() | {"decision": "NOT_COMPLETED"})

        assert answer["completion"]["decision"] == "NOT_COMPLETED"
        assert any(reason.startswith("Lưu ý: quyết định khác") for reason in answer["reasons"])

    def test_names_the_whole_school_in_grade_5(self) -> None:
        assert any("hoàn thành chương trình tiểu học" in each for each in evaluate(year(5))["reasons"])
        assert any("hoàn thành chương trình lớp 4" in each for each in evaluate(year(4))["reasons"])


class TestTitle:
    NOMINATION = {"excellent_in": ["TOAN"], "progress_in": [], "recognised": True}

    def test_is_xuat_sac_by_the_numbers_alone(self) -> None:
        assert evaluate(year())["title"] == "XUAT_SAC"

    def test_needs_people_for_tieu_bieu(self) -> None:
        record = year(test="8")

        assert (evaluate(record)["title"], evaluate(record)["title_needs_nomination"]) == (None, True)
        answer = evaluate(record | {"nomination": self.NOMINATION})
        assert (answer["title"], answer["title_needs_nomination"]) == ("TIEU_BIEU", False)

    @pytest.mark.parametrize("change", [{"recognised": False}, {"excellent_in": []}])
    def test_needs_both_merit_and_recognition(self, change: dict[str, Any]) -> None:
        assert evaluate(year(test="8") | {"nomination": self.NOMINATION | change})["title"] is None

    def test_is_not_for_a_nomination_without_the_level(self) -> None:
        assert evaluate(year(test="6") | {"nomination": self.NOMINATION})["title"] is None


class TestInputErrors:
    @pytest.mark.parametrize("mark", ["9.0", "11", "-1", 9, "9,5", True, "09"])
    def test_refuse_a_test_mark_with_decimals(self, mark: object) -> None:
        record = year()
        subject_of(record, "TOAN")["tests"][3] = mark

        assert len(problems_of(record)) == 1

    @pytest.mark.parametrize(
        ("grade", "code", "time"),
        [(1, "TOAN", 0), (3, "TOAN", 2), (3, "DAODUC", 3), (4, "NN1", 0), (5, "KHOAHOC", 2), (2, "GDTC", 1)],
    )
    def test_refuse_a_test_the_grade_does_not_have(self, grade: int, code: str, time: int) -> None:
        record = year(grade)
        each = subject_of(record, code)
        each["tests"] = [None] * 4
        each["tests"][time] = "9"

        assert "không có bài kiểm tra" in next(iter(problems_of(record).values()))

    @pytest.mark.parametrize(
        ("change", "path"),
        [
            ({"level": "TH"}, "level"),
            ({"grade": 6}, "grade"),
            ({"subjects": []}, "subjects"),
            ({"subjects": None}, "subjects"),
            ({"qualities": None}, "qualities"),
            ({"level": None}, "level"),
            ({"subjects": [{"code": None, "levels": ["T"] * 4}]}, "subjects[0].code"),
            ({"subjects": [{"code": "TOAN", "levels": None}]}, "subjects[0].levels"),
            ({"subjects": [5]}, "subjects[0]"),
            ({"subjects": [{"code": "KHTN", "levels": ["T"] * 4}]}, "subjects[0].code"),
            ({"subjects": [{"code": "TOAN", "levels": ["T"] * 3}]}, "subjects[0].levels"),
            ({"subjects": [{"code": "TOAN", "levels": ["Đ"] * 4}]}, "subjects[0].levels[0]"),
            ({"qualities": {}}, "qualities.YEUNUOC"),
            ({"competences": []}, "competences"),
            ({"decision": "PASSED"}, "decision"),
            (
                {"nomination": {"excellent_in": ["X"], "progress_in": [], "recognised": True}},
                "nomination.excellent_in",
            ),
            ({"after_support": {"levels": {"X": "H"}}}, "after_support.levels.X"),
            ({"absences": 3}, "absences"),
            ({"school_year": "2023-2024", "grade": 5}, "regulation"),
        ],
    )
    def test_name_the_place(self, change: dict[str, Any], path: str) -> None:
        record = year(5) if change.get("grade") == 5 else year()

        assert path in problems_of(record | change)

    def test_ask_grade_1_for_no_competence_of_grade_3(self) -> None:
        record = year(1)
        record["competences"]["TINHOC"] = ["T"] * 4

        assert list(problems_of(record)) == ["competences.TINHOC"]

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
            ),
            max_leaves=6,
        ),
        st.sampled_from(sorted(year() | {"after_support": 0, "decision": 0, "nomination": 0, "id": 0})),
    )
    @settings(max_examples=200, deadline=None)
    def test_are_the_only_thing_raised(self, junk: Any, key: str) -> None:
        try:
            answer = evaluate(year() | {key: junk}, explain=True)
        except InputError as error:
            assert error.problems  # noqa: PT017 - most junk is an error, some is not
        else:
            assert json.loads(json.dumps(answer)) == answer


class TestExplanation:
    def test_carries_the_lowest_of_each_kind(self) -> None:
        steps = evaluate(year(test="8"), explain=True)["explanation"]

        assert steps[0]["about"] == {"what": "overall"}
        assert steps[0]["rule"]["version"] == "TT27-2020/1"
        assert steps[0]["numbers"] == {
            "lowest_subject_level": "T",
            "lowest_quality_or_competence": "T",
            "lowest_test": "8",
        }
        assert steps[0]["result"] == "HOAN_THANH_TOT"
