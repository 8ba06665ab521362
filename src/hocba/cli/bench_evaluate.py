"""`hocba bench evaluate`: how many pupil-years a second TT 22 is computed for, on one core."""

from __future__ import annotations

import json
import os
import random
import resource
import time
from typing import TYPE_CHECKING, Any

from hocba.regulations import curriculum
from hocba.regulations.evaluation import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

_SEED = 22_2021
_SAMPLE = 2_000  # different pupil-years; a larger count goes over them again, so that memory stays flat
_LEVELS = ("TOT", "TOT", "KHA", "KHA", "DAT", "CHUA_DAT")


def run_bench(count: int) -> dict[str, Any]:
    """Evaluate `count` pupil-years of THCS (12 subjects, two terms) and measure each stage.

    `per_second` is that of the evaluation itself, from parsed JSON, with its reasons; the stages are parsing,
    evaluating, evaluating with the full explanation (a tenth of the count), and writing the answer.
    """
    count = max(count, 1)
    chance = random.Random(_SEED)  # noqa: S311 - made-up pupils, the same in every run
    records = [_pupil_year(chance) for _ in range(min(count, _SAMPLE))]
    texts = [json.dumps(record) for record in records]
    answers = [evaluate(record) for record in records]
    stages = {
        "parse": _measure(json.loads, texts, count),
        "evaluate": _measure(evaluate, records, count),
        "evaluate_explained": _measure(_explain, records, max(count // 10, 1)),
        "write": _measure(_write, answers, count),
    }
    seconds = stages["evaluate"]["milliseconds"] * count / 1000
    return {
        "name": "evaluate",
        "per_second": stages["evaluate"]["per_second"],
        "count": count,
        "seconds": round(seconds, 3),
        "stages": stages,
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "bytes_each": sum(len(_write(answer).encode()) for answer in answers) // len(answers),
        "cpu_count": os.cpu_count() or 1,
    }


def _measure(work: Callable[[Any], object], items: list[Any], count: int) -> dict[str, float]:
    """Run `work` on `count` items, over the list again and again; milliseconds are for one item."""
    rounds, rest = divmod(count, len(items))
    started = time.perf_counter()
    for _ in range(rounds):
        for item in items:
            work(item)
    for item in items[:rest]:
        work(item)
    seconds = time.perf_counter() - started
    return {"per_second": round(count / seconds, 1), "milliseconds": round(1000 * seconds / count, 4)}


def _explain(record: dict[str, Any]) -> dict[str, Any]:
    return evaluate(record, explain=True)


def _write(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _pupil_year(chance: random.Random) -> dict[str, Any]:
    grade = chance.choice(curriculum.grades("THCS"))
    ability = chance.choice((4.6, 5.6, 6.8, 8.0, 8.9))
    subjects = [
        subject for subject in curriculum.subjects_for("THCS", grade) if subject.group == "compulsory"
    ]
    return {
        "regulation": "TT22-2021",
        "level": "THCS",
        "grade": grade,
        "subjects": [_subject_year(subject, grade, ability, chance) for subject in subjects],
        "conduct": {"terms": [chance.choice(_LEVELS), chance.choice(_LEVELS)], "after_summer": None},
        "absences": chance.randint(0, 50),
    }


def _subject_year(
    subject: curriculum.Subject, grade: int, ability: float, chance: random.Random
) -> dict[str, Any]:
    def mark() -> str:
        if subject.kind == "comment":
            return "CD" if chance.random() < 0.01 else "D"
        return f"{min(10.0, max(0.0, chance.gauss(ability, 1.2))):.1f}"

    regular = curriculum.regular_marks_required(subject.code, "THCS", grade)
    terms = [
        {"regular": [mark() for _ in range(regular)], "midterm": mark(), "final": mark()} for _ in range(2)
    ]
    return {"code": subject.code, "kind": subject.kind, "terms": terms, "retest": None}
