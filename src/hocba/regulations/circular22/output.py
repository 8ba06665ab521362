"""Writes the assessment of a pupil-year as the JSON `hocba evaluate` answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hocba.regulations.circular22.sentences import reasons
from hocba.regulations.levels import name
from hocba.regulations.marks import COMMENT_TEXTS, TEXTS

if TYPE_CHECKING:
    from hocba.regulations.circular22.assessment import Assessment
    from hocba.regulations.circular22.reading import PupilYear
    from hocba.regulations.circular22.thresholds import Thresholds

_SCORES: Final[dict[int | None, str | None]] = {None: None, **dict(enumerate(TEXTS))}
_COMMENTS: Final[dict[int | None, str | None]] = {None: None, **dict(enumerate(COMMENT_TEXTS))}
_WRITTEN: Final = {True: _SCORES, False: _COMMENTS}


def write(pupil: PupilYear, assessment: Assessment, limits: Thresholds) -> dict[str, Any]:
    """The answer in the shape of the JSON contract; `id` is there only when the input had one."""
    subjects = []
    for subject, result, retest in zip(pupil.subjects, assessment.results, assessment.retests, strict=True):
        written = _WRITTEN[subject.scored]
        subjects.append(
            {
                "code": subject.code,
                "terms": [written[result[0]], written[result[1]]],
                "year": written[result[2]],
                "after_retest": written[retest],
            }
        )
    first, second, year = assessment.ratings
    answer: dict[str, Any] = {} if pupil.id is None else {"id": pupil.id}
    answer["subjects"] = subjects
    answer["learning"] = {
        "terms": [name(first.level), name(second.level)],
        "year": name(year.level),
        "after_retest": name(assessment.after_retest.level),
        "adjusted_because_of": [first.culprit, second.culprit, year.culprit],
    }
    answer["conduct"] = {"year": name(assessment.conduct), "after_summer": name(assessment.after_summer)}
    promotion = assessment.decision.promotion
    answer["promotion"] = None if promotion is None else promotion.value
    answer["title"] = assessment.title
    answer["reasons"] = reasons(pupil, assessment, limits)
    return answer
