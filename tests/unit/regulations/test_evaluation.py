from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocba.regulations.errors import InputError
from hocba.regulations.evaluation import evaluate
from hocba.regulations.levels import BY_NAME
from tests.unit.regulations.records import SCORED, subject, year
from tests.unit.regulations.test_second_reading import pupil


def problems_of(record: Any) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        evaluate(record)
    return {problem.path: problem.message for problem in caught.value.problems}


clustered = st.integers(0, 10**9).map(lambda seed: pupil(random.Random(seed)))


class TestEvaluate:
    def test_answers_in_the_shape_of_the_contract(self) -> None:
        record = year(comments=["CD"], conduct=("TOT", "KHA"), absences=3)
        answer = evaluate(record)

        assert list(answer) == ["subjects", "learning", "conduct", "promotion", "title", "reasons"]
        assert answer["subjects"][1] == {
            "code": "TOAN",
            "terms": ["8.0", "8.0"],
            "year": "8.0",
            "after_retest": None,
        }
        assert answer["learning"] == {
            "terms": ["KHA", "KHA"],
            "year": "KHA",
            "after_retest": None,
            "adjusted_because_of": ["GDTC", "GDTC", "GDTC"],
        }
        assert answer["conduct"] == {"year": "KHA", "after_summer": None}
        assert (answer["promotion"], answer["title"]) == ("PROMOTED", None)
        assert json.loads(json.dumps(answer)) == answer

    def test_takes_a_comment_subject_from_the_second_term(self) -> None:
        record = year()
        record["subjects"][8] = subject("GDTC", "CD", "D")
        answer = evaluate(record)

        assert answer["subjects"][8]["year"] == "D"
        assert answer["learning"]["terms"] == ["KHA", "TOT"]
        assert answer["learning"]["year"] == "TOT"

    def test_keeps_the_original_beside_the_retest(self) -> None:
        answer = evaluate(year(scores=["3.0", "3.2"], retests={"NGUVAN": "5.0"}))

        assert answer["subjects"][0]["year"] == "3.0"
        assert answer["subjects"][0]["after_retest"] == "5.0"
        assert answer["learning"]["year"] == "CHUA_DAT"
        assert answer["learning"]["after_retest"] == "DAT"  # adjusted: TOAN alone holds it down
        assert answer["promotion"] == "PROMOTED"

    def test_does_not_count_a_retest_nobody_was_entitled_to(self) -> None:
        answer = evaluate(year(retests={"TOAN": "2.0"}))

        assert answer["subjects"][1]["after_retest"] is None
        assert any("đánh giá lại môn Toán không được tính" in reason for reason in answer["reasons"])

    def test_does_not_count_a_retest_in_a_subject_that_passed(self) -> None:
        answer = evaluate(year(scores=["3.0", "3.2"], retests={"TINHOC": "2.0"}))

        assert answer["subjects"][7]["after_retest"] is None
        assert answer["promotion"] == "RETEST"

    def test_retains_when_both_are_not_reached(self) -> None:
        record = year(
            scores=["3.0", "3.2"],
            retests={"NGUVAN": "9.0"},
            conduct=("DAT", "CHUA_DAT"),
            after_summer="TOT",
        )
        answer = evaluate(record)

        assert answer["promotion"] == "RETAINED"
        assert answer["conduct"]["after_summer"] is None

    @pytest.mark.parametrize("place", ["regular", "midterm", "final"])
    def test_gives_no_result_without_a_mark(self, place: str) -> None:
        record = year()
        term = record["subjects"][1]["terms"][1]
        term[place] = [*term[place][1:], None] if place == "regular" else None
        answer = evaluate(record)

        assert answer["subjects"][1]["terms"] == ["8.0", None]
        assert answer["subjects"][1]["year"] is None
        assert answer["learning"]["terms"] == ["TOT", None]
        assert (answer["learning"]["year"], answer["promotion"], answer["title"]) == (None, None, None)
        assert any(reason.startswith("Môn Toán học kì II chưa có kết quả") for reason in answer["reasons"])

    def test_tells_a_test_missed_with_leave_from_one_missed_without(self) -> None:
        excused, unexcused = year(), year()
        excused["subjects"][1]["terms"][0]["final"] = "EXCUSED"
        unexcused["subjects"][1]["terms"][0]["final"] = "UNEXCUSED"

        assert evaluate(excused)["subjects"][1]["terms"][0] is None
        assert any("chờ kiểm tra bù" in reason for reason in evaluate(excused)["reasons"])
        assert evaluate(unexcused)["subjects"][1]["terms"][0] == "5.3"  # 48 : 9

    @pytest.mark.parametrize("count", [2, 5])
    def test_computes_with_another_number_of_regular_marks_but_says_so(self, count: int) -> None:
        record = year()
        record["subjects"][1]["terms"][0]["regular"] = ["8.0"] * count
        answer = evaluate(record)

        assert answer["subjects"][1]["terms"][0] == "8.0"
        assert answer["reasons"][0] == (
            f"Lưu ý: môn Toán học kì I có {count} lần đánh giá thường xuyên, quy định là 4 (Điều 6 khoản 2)."
        )

    def test_returns_the_id_it_was_given(self) -> None:
        assert evaluate(year() | {"id": "7924000160"})["id"] == "7924000160"

    @given(clustered, st.randoms(use_true_random=False))
    @settings(max_examples=100, deadline=None)
    def test_does_not_depend_on_the_order_of_subjects(
        self, record: dict[str, Any], chance: random.Random
    ) -> None:
        shuffled = copy.deepcopy(record)
        chance.shuffle(shuffled["subjects"])
        first, second = evaluate(record), evaluate(shuffled)

        for key in ("learning", "conduct", "promotion", "title"):
            assert first[key] == second[key]

    @given(clustered, st.integers(0, 11), st.sampled_from([0, 1]), st.sampled_from(["midterm", "final"]))
    @settings(max_examples=200, deadline=None)
    def test_never_lowers_a_level_for_a_better_mark(
        self, record: dict[str, Any], index: int, term: int, place: str
    ) -> None:
        better = copy.deepcopy(record)
        marks = better["subjects"][index]["terms"][term]
        if marks[place] is None:
            return
        scored = better["subjects"][index]["kind"] == "score"
        marks[place] = f"{min(10.0, float(marks[place]) + 0.7):.1f}" if scored else "D"
        before, after = evaluate(record)["learning"], evaluate(better)["learning"]

        for old, new in zip(
            [*before["terms"], before["year"]], [*after["terms"], after["year"]], strict=True
        ):
            if old is not None:
                assert BY_NAME[new] >= BY_NAME[old]

    @given(clustered)
    @settings(max_examples=200, deadline=None)
    def test_never_makes_the_year_worse_by_a_retest(self, record: dict[str, Any]) -> None:
        without = copy.deepcopy(record)
        for each in without["subjects"]:
            each["retest"] = None
        before, after = evaluate(without), evaluate(record)

        assert [each["year"] for each in before["subjects"]] == [each["year"] for each in after["subjects"]]
        assert before["learning"]["year"] == after["learning"]["year"]
        if after["learning"]["after_retest"] is not None:
            assert before["promotion"] == "RETEST" or (record["absences"] or 46) > 45
            assert BY_NAME[after["learning"]["after_retest"]] >= BY_NAME[after["learning"]["year"]]

    @given(clustered)
    @settings(max_examples=100, deadline=None)
    def test_says_the_same_again_and_leaves_the_record_alone(self, record: dict[str, Any]) -> None:
        original = copy.deepcopy(record)

        assert evaluate(record) == evaluate(record)
        assert record == original


class TestEvaluateExplained:
    def test_puts_the_numbers_into_the_formula(self) -> None:
        record = year()
        record["subjects"][1]["terms"][0] = {
            "regular": ["8.0", "9.5", "7.0", "8.5"],
            "midterm": "7.5",
            "final": "8.0",
        }
        steps = evaluate(record, explain=True)["explanation"]
        step = next(each for each in steps if each["about"].get("subject") == "TOAN")

        assert step["rule"] == {
            "circular": "Thông tư 22/2021/TT-BGDĐT",
            "article": "Điều 9 khoản 1 điểm b",
            "version": "TT22-2021/1",
        }
        assert step["numbers"]["sum"] == "72.0"
        assert step["numbers"]["divisor"] == 9
        assert step["result"] == "8.0"
        assert "(8,0 + 9,5 + 7,0 + 8,5 + 2 × 7,5 + 3 × 8,0) : 9" in step["sentence"]

    @given(clustered)
    @settings(max_examples=50, deadline=None)
    def test_explains_every_result_there_is(self, record: dict[str, Any]) -> None:
        answer = evaluate(record, explain=True)
        about = [step["about"]["what"] for step in answer["explanation"]]
        known = sum(result is not None for each in answer["subjects"] for result in each["terms"])

        assert about.count("subject_term") == known
        assert about.count("subject_year") == sum(each["year"] is not None for each in answer["subjects"])
        assert about.count("promotion") == 1
        assert about.count("title") == (answer["title"] is not None)
        assert json.loads(json.dumps(answer)) == answer

    def test_is_left_out_by_default(self) -> None:
        assert "explanation" not in evaluate(year())


class TestInputErrors:
    @pytest.mark.parametrize("record", [None, [], "TT22-2021", 5])
    def test_want_an_object(self, record: object) -> None:
        assert problems_of(record) == {"": "mỗi hồ sơ phải là một đối tượng JSON."}

    @pytest.mark.parametrize("regulation", ["TT22", None, 22, ["TT22-2021"], {}])
    def test_want_a_regulation_they_know(self, regulation: object) -> None:
        assert list(problems_of(year() | {"regulation": regulation})) == ["regulation"]

    @pytest.mark.parametrize(
        ("mark", "hint"),
        [("8,0", '"8.0"'), ("8", '"8.0"'), (8, '"8.0"'), (8.0, '"8.0"'), (" 8.0", '"8.0"'), ("10", '"10.0"')],
    )
    def test_say_how_a_mark_should_be_written(self, mark: object, hint: str) -> None:
        record = year()
        record["subjects"][1]["terms"][1]["final"] = mark
        problems = problems_of(record)

        assert list(problems) == ["subjects[1].terms[1].final"]
        assert f"(có phải {hint}?)" in problems["subjects[1].terms[1].final"]

    @pytest.mark.parametrize(
        "mark",
        [
            "8.25",
            "10.1",
            "-1.0",
            "",
            "D",
            True,
            [],
            {},
            "٨.٠",
            "8.0 ",
            1e400,
            pytest.param(10**5000, id="huge"),
            "08.0",
        ],
    )
    def test_refuse_every_other_mark(self, mark: object) -> None:
        record = year()
        record["subjects"][1]["terms"][1]["regular"][0] = mark

        assert list(problems_of(record)) == ["subjects[1].terms[1].regular[0]"]

    @pytest.mark.parametrize("result", ["Đ", "8.0", "d", True, 1, [], "CĐ"])
    def test_refuse_a_comment_result_that_is_none(self, result: object) -> None:
        record = year()
        record["subjects"][8]["retest"] = result

        assert list(problems_of(record)) == ["subjects[8].retest"]

    def test_tell_everything_at_once(self) -> None:
        record = year(conduct=("TOT", "GIOI"), absences=-1)  # type: ignore[arg-type]
        record["grade"] = "9"
        record["subjects"][0]["terms"][0]["midtem"] = record["subjects"][0]["terms"][0].pop("midterm")
        record["subjects"][1]["terms"] = record["subjects"][1]["terms"][:1]
        record["subjects"][2]["code"] = "TOAN"
        record["subjects"][8]["kind"] = "score"
        record["subject"] = []

        assert set(problems_of(record)) >= {
            "subject",
            "grade",
            "subjects[0].terms[0].midterm",
            "subjects[0].terms[0].midtem",
            "subjects[1].terms",
            "subjects[2].code",
            "subjects[8].kind",
            "conduct.terms[1]",
            "absences",
        }

    @pytest.mark.parametrize("key", ["level", "grade", "subjects", "conduct", "absences"])
    def test_name_what_is_missing(self, key: str) -> None:
        record = year()
        del record[key]

        assert problems_of(record) == {key: "thiếu mục bắt buộc này."}

    @pytest.mark.parametrize(
        ("change", "path"),
        [
            ({"level": "MN"}, "level"),
            ({"level": ["THCS"]}, "level"),
            ({"grade": 10}, "grade"),
            ({"grade": True}, "grade"),
            ({"grade": 9.0}, "grade"),
            ({"subjects": []}, "subjects"),
            ({"subjects": {}}, "subjects"),
            ({"subjects": [None]}, "subjects[0]"),
            ({"level": None}, "level"),
            ({"grade": None}, "grade"),
            ({"subjects": None}, "subjects"),
            ({"conduct": None}, "conduct"),
            ({"conduct": {}}, "conduct.terms"),
            ({"conduct": {"terms": None}}, "conduct.terms"),
            ({"conduct": []}, "conduct"),
            ({"conduct": {"terms": ["TOT"]}}, "conduct.terms"),
            ({"conduct": {"terms": ["TOT", {}]}}, "conduct.terms[1]"),
            ({"absences": 3.0}, "absences"),
            ({"absences": True}, "absences"),
            ({"absences": "3"}, "absences"),
            ({"school_year": "2024-2026"}, "school_year"),
            ({"id": 5}, "id"),
        ],
    )
    def test_name_the_place(self, change: dict[str, Any], path: str) -> None:
        assert path in problems_of(year() | change)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
            ),
            max_leaves=6,
        ),
        st.sampled_from(
            ["level", "grade", "subjects", "conduct", "absences", "disability", "id", "school_year"]
        ),
        st.sampled_from(
            [None, "code", "kind", "terms", "retest", "exempt", "individual_plan", "regular", "final"]
        ),
    )
    @settings(max_examples=400, deadline=None)
    def test_are_the_only_thing_raised(self, junk: Any, key: str, inner: str | None) -> None:
        record = year()
        if inner is None:
            record[key] = junk
        elif inner in ("regular", "final"):
            record["subjects"][1]["terms"][0][inner] = junk
        else:
            record["subjects"][1][inner] = junk

        try:
            evaluate(record, explain=True)
        except InputError as error:
            assert error.problems  # noqa: PT017 - most junk is an error, some is not


class TestSubjectsOfAPupil:
    """What only some pupils or subjects have."""

    def test_may_be_exempted_for_the_year(self) -> None:
        record = year(comments=["CD"])
        record["subjects"][8] |= {"exempt": [1, 2], "terms": [None, None]}
        answer = evaluate(record)

        assert answer["subjects"][8]["year"] is None
        assert answer["learning"]["year"] == "TOT"

    @pytest.mark.parametrize(("term", "left"), [(1, "6.0"), (2, "6.0")])
    def test_may_be_exempted_for_a_term_whose_other_is_the_year(self, term: int, left: str) -> None:
        record = year()
        record["subjects"][0] = subject("NGUVAN", left) | {"exempt": [term]}
        record["subjects"][0]["terms"][term - 1] = None
        answer = evaluate(record)

        assert answer["subjects"][0]["year"] == left
        assert answer["learning"]["terms"][term - 1] == "TOT"
        assert answer["learning"]["year"] == "KHA"

    def test_may_not_have_marks_where_exempted(self) -> None:
        record = year()
        record["subjects"][8]["exempt"] = [2]

        assert list(problems_of(record)) == ["subjects[8].terms[1]"]

    def test_may_be_taught_in_parts(self) -> None:
        record = year()
        term = record["subjects"][5]["terms"][0]
        del term["regular"]
        term["parts"] = [
            {"name": "Vật lí", "regular": ["6.0"]},
            {"name": "Hoá học", "regular": ["6.0", "9.0"]},
            {"name": "Sinh học", "regular": ["9.0"]},
        ]

        assert evaluate(record)["subjects"][5]["terms"][0] == "7.8"  # (30 + 16 + 24) : 9

    @pytest.mark.parametrize(("index", "result"), [(1, "6.4"), (8, "CD")])
    def test_may_bring_the_result_of_a_term_from_another_school(self, index: int, result: str) -> None:
        record = year()
        record["subjects"][index]["terms"][0] = {"recorded": result}
        answer = evaluate(record, explain=True)

        assert answer["subjects"][index]["terms"][0] == result
        assert answer["subjects"][index]["year"] == {"6.4": "7.5", "CD": "D"}[result]
        step = next(each for each in answer["explanation"] if "recorded" in each["numbers"])
        assert "trường nơi học sinh chuyển đi" in step["sentence"]

    def test_may_not_mix_a_recorded_result_with_marks(self) -> None:
        record = year()
        record["subjects"][1]["terms"][0]["recorded"] = "8.0"

        assert set(problems_of(record)) == {
            f"subjects[1].terms[0].{key}" for key in ("regular", "midterm", "final")
        }

    def test_may_count_a_topic_as_one_more_regular_mark(self) -> None:
        regular = {"regular": ["7.0", "7.0", "7.0"], "midterm": "7.0", "final": "7.0"}
        record = year() | {"level": "THPT", "grade": 10}
        record["subjects"] = [
            {
                "code": "VATLI",
                "kind": "score",
                "terms": [regular | {"topic": "10.0"}, regular],
                "retest": None,
            }
        ]

        assert evaluate(record)["subjects"][0]["terms"] == ["7.3", "7.0"]  # (31 + 35) : 9

    def test_may_be_of_a_kind_our_curriculum_does_not_know(self) -> None:
        record = year()
        record["subjects"][0]["code"] = "TIENG_KHMER"

        assert evaluate(record)["learning"]["year"] == "TOT"

    def test_leave_a_pupil_with_a_disability_to_the_principal(self) -> None:
        record = year(scores=["3.0"]) | {"disability": {"decision": None}}
        for each in record["subjects"][:4]:
            each |= {"individual_plan": True, "terms": [None, None]}
        answer = evaluate(record)

        assert answer["learning"]["year"] is None
        assert answer["promotion"] is None
        assert any("Hiệu trưởng xét lên lớp" in reason for reason in answer["reasons"])

        record["disability"] = {"decision": "PROMOTED"}
        assert evaluate(record)["promotion"] == "PROMOTED"

    def test_follow_a_plan_only_for_a_pupil_with_a_disability(self) -> None:
        record = year()
        record["subjects"][0]["individual_plan"] = True

        assert list(problems_of(record)) == ["subjects[0]"]

    @pytest.mark.parametrize("key", ["code", "kind", "terms"])
    def test_have_none_of_their_keys_empty(self, key: str) -> None:
        record = year()
        record["subjects"][0][key] = None

        assert list(problems_of(record)) == [f"subjects[0].{key}"]

    def test_have_topics_in_thpt_only(self) -> None:
        record = year()
        record["subjects"][0]["terms"][0]["topic"] = "9.0"

        assert list(problems_of(record)) == ["subjects[0]"]

    def test_know_the_trap_of_scored_subjects(self) -> None:
        for code in ("GDCD", "TINHOC", "CONGNGHE"):
            record = year()
            record["subjects"][SCORED.index(code)] = subject(code, "D")
            assert "Điều 5 khoản 3" in problems_of(record)[f"subjects[{SCORED.index(code)}].kind"]
