from __future__ import annotations

import os
import random
from functools import cache
from typing import Any

import pytest

from hocba.regulations import curriculum
from hocba.regulations.evaluation import evaluate
from tests.unit.regulations import second_reading

# A sample; CI judges 100,000, and CONTRIBUTING.md says how to judge more.
PUPILS = int(os.environ.get("HOCBA_TEST_PUPILS", "20000"))
SHARES = 4  # so that parallel workers divide the work
THRESHOLDS = (35, 50, 65, 80, 90)
LEVELS = (None, "CHUA_DAT", "CHUA_DAT", "DAT", "KHA", "TOT", "TOT", "TOT", "TOT")


def text(tenths: int) -> str:
    tenths = min(100, max(0, tenths))
    return f"{tenths // 10}.{tenths % 10}"


@cache
def terms_near(count: int, target: int) -> list[dict[str, Any]]:
    """Eight terms with `count` regular marks whose averages are at most a few hundredths from `target`."""
    chance = random.Random(1000 * count + target)
    terms = []
    for _ in range(8):
        marks = [min(100, max(0, target + chance.randint(-12, 12))) for _ in range(count + 1)]
        rest = target * (count + 5) - sum(marks) - marks[-1]
        terms.append(
            {
                "regular": [text(mark) for mark in marks[:-1]],
                "midterm": text(marks[-1]),
                "final": text(rest // 3 + chance.randint(-2, 2)),
            }
        )
    return terms


def comment_term(chance: random.Random, failing: float) -> dict[str, Any]:
    results = ["D"] * 4
    if chance.random() < failing:
        results[chance.randrange(4)] = "CD"
    return {"regular": results[:2], "midterm": results[2], "final": results[3]}


def chosen_subjects(level: str, grade: int, chance: random.Random) -> list[curriculum.Subject]:
    """The compulsory subjects and, in THPT, four electives of the pupil's own: 7 to 9 subjects are scored."""
    taught = curriculum.subjects_for(level, grade)
    electives = [each for each in taught if each.group == "elective"]
    compulsory = [each for each in taught if each.group == "compulsory"]
    return compulsory + (chance.sample(electives, 4) if electives else [])


def pupil(chance: random.Random) -> dict[str, Any]:
    """A pupil whose results lie on the thresholds, mostly with one or two subjects out of line."""
    grade = chance.choice((6, 7, 8, 9, 10, 12))
    level = "THCS" if grade < 10 else "THPT"
    base = chance.choice(THRESHOLDS)
    weak = chance.choice((None, None, *THRESHOLDS))
    subjects = chosen_subjects(level, grade, chance)
    weak_ones = chance.sample(range(len(subjects)), chance.choice((1, 1, 2, 3))) if weak else []
    failing = chance.choice((0.0, 0.0, 0.1, 0.3))
    records = []
    for index, each in enumerate(subjects):
        if each.kind == "comment":
            terms = [comment_term(chance, failing), comment_term(chance, failing)]
            retest = chance.choice((None, None, "D", "CD")) if failing else None
        else:
            count = curriculum.regular_marks_required(each.code, level, grade)
            goal = (weak if index in weak_ones else base) or base
            goal += chance.choice((-1, 0, 0, 0, 1, 2, 15))
            terms = [
                chance.choice(terms_near(count, goal)),
                chance.choice(terms_near(count, goal + chance.choice((-1, 0, 1)))),
            ]
            retest = (
                text(chance.choice(THRESHOLDS) + chance.choice((-1, 0, 1))) if chance.random() < 0.3 else None
            )
        records.append({"code": each.code, "kind": each.kind, "terms": terms, "retest": retest})
    if chance.random() < 0.02:
        records[0] = records[0] | {
            "terms": [records[0]["terms"][0] | {"final": None}, records[0]["terms"][1]]
        }
    chance.shuffle(records)
    return {
        "regulation": "TT22-2021",
        "level": level,
        "grade": grade,
        "subjects": records,
        "conduct": {
            "terms": [chance.choice(LEVELS), chance.choice(LEVELS)],
            "after_summer": chance.choice((None, None, "CHUA_DAT", "DAT", "KHA")),
        },
        "absences": chance.choice((0, 3, 10, 44, 45, 45, 46, None)),
    }


class TestEvaluate:
    @pytest.mark.parametrize("share", range(SHARES))
    def test_agrees_with_a_second_reading(self, share: int) -> None:
        chance = random.Random(share)
        seen: set[tuple[str | None, str | None]] = set()
        adjusted = 0

        for _ in range(PUPILS // SHARES):
            record = pupil(chance)
            answer = evaluate(record)
            del answer["reasons"]
            assert answer == second_reading.evaluate(record), record
            seen.add((answer["learning"]["year"], answer["promotion"]))
            adjusted += answer["learning"]["adjusted_because_of"][2] is not None

        # The pupils must have been of every kind, or the agreement says little.
        assert adjusted > PUPILS // SHARES // 50
        assert {level for level, _ in seen} == {None, "CHUA_DAT", "DAT", "KHA", "TOT"}
        assert {promotion for _, promotion in seen} == {
            None,
            "PROMOTED",
            "RETEST",
            "SUMMER_TRAINING",
            "RETAINED",
        }
