"""TT 22/2021/TT-BGDĐT: assessment of pupils of THCS and THPT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.regulations.circular22.assessment import assess
from hocba.regulations.circular22.explanation import explanation
from hocba.regulations.circular22.output import write
from hocba.regulations.circular22.reading import read
from hocba.regulations.circular22.thresholds import CIRCULAR_22, Thresholds

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CIRCULAR_22", "Thresholds", "evaluate_year"]


def evaluate_year(record: Mapping[str, Any], limits: Thresholds, *, explain: bool = False) -> dict[str, Any]:
    """Evaluate one pupil-year by TT 22 or by rules of the same shape; raises InputError."""
    pupil = read(record)
    assessment = assess(pupil, limits)
    answer = write(pupil, assessment, limits)
    if explain:
        answer["explanation"] = explanation(pupil, assessment, limits)
    return answer
