"""The one door to the rules: the JSON of one pupil-year in, the JSON of its results out.

The shapes are documented, in Vietnamese, by `hocba evaluate --help` and in docs/regulations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from hocba.regulations.circular22 import CIRCULAR_22, evaluate_year
from hocba.regulations.circular27 import evaluate_primary_year
from hocba.regulations.circular30 import check_recorded_primary_year
from hocba.regulations.circular43 import evaluate_continuing_year
from hocba.regulations.circular58 import check_recorded_year
from hocba.regulations.errors import InputError, Problem
from hocba.regulations.shapes import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping


class Evaluator(Protocol):
    """How every circular is asked; raises InputError."""

    def __call__(self, record: Mapping[str, Any], *, explain: bool) -> dict[str, Any]: ...


def _circular_22(record: Mapping[str, Any], *, explain: bool) -> dict[str, Any]:
    return evaluate_year(record, CIRCULAR_22, explain=explain)


EVALUATORS: Final[dict[str, Evaluator]] = {
    "TT22-2021": _circular_22,
    "TT27-2020": evaluate_primary_year,
    "TT43-2021": evaluate_continuing_year,
    # Recorded results of old years: checked for plausibility, never computed again.
    "TT58-2011": check_recorded_year,
    "TT30-2014": check_recorded_primary_year,
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
    evaluator = EVALUATORS.get(regulation) if isinstance(regulation, str) else None
    if evaluator is None:
        known = ", ".join(EVALUATORS)
        found = "đang thiếu" if "regulation" not in record else f"đang là {quoted(regulation)}"
        raise InputError([Problem("regulation", f"quy định phải là một trong {known}; {found}.")])
    return evaluator(record, explain=explain)
