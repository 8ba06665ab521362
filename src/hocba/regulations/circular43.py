"""TT 43/2021/TT-BGDĐT: assessment of learners (học viên) of continuing education (giáo dục thường xuyên).

Same shape as TT 22/2021. Read so far: promotion (Điều 11), summer training (Điều 12), assessment again (Điều 13),
45 sessions of absence. How many subjects each level asks for was not found: it stands open in
data/circular43.json, a centre may state its number in the record, and every result says it is unconfirmed.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from hocba.regulations.circular22 import evaluate_year
from hocba.regulations.circular22.thresholds import NOT_SET, Articles, Thresholds
from hocba.regulations.errors import InputError, Problem
from hocba.regulations.marks import TENTHS
from hocba.regulations.shapes import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_SUBJECTS: Final = 17

_MARKS: Final = ("good_all", "good_enough", "fair_all", "fair_enough", "pass_enough", "floor", "excellent")
_ARTICLES: Final = Articles(
    regular="",
    periodic="",
    conduct="",
    subject_comment="",
    subject_score="",
    levels=("", "", "", ""),
    adjustment="",
    disability="",
    promotion="Điều 11",
    absences="Điều 11",
    disability_promotion="Điều 11",
    summer="Điều 12",
    retest="Điều 13",
    titles="",
)


def evaluate_continuing_year(record: Mapping[str, Any], *, explain: bool = False) -> dict[str, Any]:
    """Evaluate one learner-year; raises InputError.

    The record is that of TT 22 with an optional "programme" ("GDTX-THCS", "GDTX-THPT"; by level when left out)
    and optional "thresholds" ({"enough_subjects": 5, "good_enough": "8.0", …}) as the centre was told them.
    """
    own = dict(record)
    programme = own.pop("programme", None)
    stated = own.pop("thresholds", None)
    problems: list[Problem] = []
    limits = _thresholds(
        _programme(programme, own.get("level"), problems), {} if stated is None else stated, problems
    )
    if problems:
        raise InputError(problems)
    return evaluate_year(own, limits, explain=explain)


def programmes() -> dict[str, dict[str, Any]]:
    """The programmes with their thresholds as configured; an open one is None."""
    configured: dict[str, dict[str, Any]] = _configuration()["programmes"]
    return configured


def _programme(name: object, level: object, problems: list[Problem]) -> dict[str, Any]:
    configured = programmes()
    if name is None:
        name = f"GDTX-{level}" if level in ("THCS", "THPT") else "GDTX-THCS"
    if not isinstance(name, str) or name not in configured:
        known = ", ".join(configured)
        problems.append(
            Problem("programme", f"chương trình phải là một trong {known}; đang là {quoted(name)}.")
        )
        return {}
    if level in ("THCS", "THPT") and configured[name]["level"] != level:
        problems.append(Problem("programme", f"chương trình {name} không thuộc cấp {level}."))
    return configured[name]


def _thresholds(programme: Mapping[str, Any], stated: object, problems: list[Problem]) -> Thresholds:
    if not isinstance(stated, dict):
        problems.append(Problem("thresholds", "các ngưỡng phải là một đối tượng JSON."))
        stated = {}
    enough = stated.get("enough_subjects", programme.get("enough_subjects"))
    if enough is not None and (type(enough) is not int or not 1 <= enough <= MOST_SUBJECTS):
        message = f"số môn phải là số nguyên từ 1 đến {MOST_SUBJECTS}."
        problems.append(Problem("thresholds.enough_subjects", message))
        enough = None
    marks: dict[str, int] = {}
    for key, value in stated.items():
        if key in _MARKS and isinstance(value, str) and value in TENTHS:
            marks[key] = TENTHS[value]
        elif key in _MARKS:
            problems.append(Problem(f"thresholds.{key}", 'ngưỡng điểm viết như "8.0".'))
        elif key != "enough_subjects":
            problems.append(Problem(f"thresholds.{key}", "không có ngưỡng nào mang tên này."))
    numbers: dict[str, Any] = marks
    limits = Thresholds(
        regulation="TT43-2021",
        circular=_configuration()["circular"],
        version="TT43-2021/1",
        enough_subjects=enough or NOT_SET,
        articles=_ARTICLES,
        confirmed=_configuration()["confirmed"],
    )._replace(**numbers)
    if limits.good_all > limits.good_enough or limits.fair_all > limits.fair_enough:
        # The adjustment rests on it: a result under the limit for all is never one of the upper ones.
        problems.append(
            Problem("thresholds", "ngưỡng của tất cả các môn không được cao hơn ngưỡng của số môn tối thiểu.")
        )
    return limits


@cache
def _configuration() -> dict[str, Any]:
    text = resources.files("hocba.regulations").joinpath("data/circular43.json").read_text("utf-8")
    configuration: dict[str, Any] = json.loads(text)
    return configuration
