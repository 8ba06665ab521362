"""TT 27/2020/TT-BGDĐT: assessment of pupils of tiểu học."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.regulations.circular27.assessment import assess
from hocba.regulations.circular27.output import explanation, write
from hocba.regulations.circular27.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["evaluate_primary_year"]


def evaluate_primary_year(record: Mapping[str, Any], *, explain: bool = False) -> dict[str, Any]:
    """Evaluate one primary pupil-year; raises InputError."""
    pupil = read(record)
    assessment = assess(pupil)
    answer = write(pupil, assessment)
    if explain:
        answer["explanation"] = explanation(pupil, assessment)
    return answer
