"""The one door to the rules: the JSON of one pupil-year in, the JSON of its results out.

The shapes are documented, in Vietnamese, by `hocba evaluate --help` and in docs/regulations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.regulations.circular22 import CIRCULAR_22, evaluate_year
from hocba.regulations.errors import InputError, Problem
from hocba.regulations.shapes import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Evaluator = Callable[[Mapping[str, Any], bool], dict[str, Any]]


def _circular_22(record: Mapping[str, Any], explain: bool) -> dict[str, Any]:  # noqa: FBT001
    return evaluate_year(record, CIRCULAR_22, explain=explain)


_EVALUATORS: dict[str, Evaluator] = {
    "TT22-2021": _circular_22,
}


def evaluate(record: Mapping[str, Any], *, explain: bool = False) -> dict[str, Any]:
    """Evaluate one pupil-year; the answer has the shape of the regulation named in the record.

    With `explain` the answer also has "explanation": a list of steps, each with the numbers put into the
    formula, the article, the version of the rule and a sentence. Raises InputError with every problem of
    the record (path and Vietnamese message).
    """
    if not isinstance(record, dict):
        raise InputError([Problem("", "mỗi hồ sơ phải là một đối tượng JSON.")])
    regulation = record.get("regulation")
    evaluator = _EVALUATORS.get(regulation) if isinstance(regulation, str) else None
    if evaluator is None:
        known = ", ".join(_EVALUATORS)
        found = "đang thiếu" if "regulation" not in record else f"đang là {quoted(regulation)}"
        raise InputError([Problem("regulation", f"quy định phải là một trong {known}; {found}.")])
    return evaluator(record, explain)
