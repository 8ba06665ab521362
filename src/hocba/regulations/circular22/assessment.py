"""Assesses one pupil-year by TT 22/2021: every result there is enough to know, None for the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hocba.regulations.circular22.averages import (
    term_average,
    term_comment,
    year_average,
    year_comment,
)
from hocba.regulations.circular22.conduct import year_conduct
from hocba.regulations.circular22.promotion import (
    Decision,
    Ground,
    Promotion,
    Year,
    decide,
    may_retest,
    may_retest_in,
    title,
)
from hocba.regulations.circular22.ratings import UNKNOWN, Rating, rate
from hocba.regulations.circular22.thresholds import NOT_SET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocba.regulations.circular22.irregular import Term
    from hocba.regulations.circular22.reading import PupilYear, Subject
    from hocba.regulations.circular22.thresholds import Thresholds

TERM_1, TERM_2, YEAR = 0, 1, 2

Results = tuple[int | None, int | None, int | None]
"""Of one subject: term I, term II, the year; tenths, or 1 and 0 for Đạt and Chưa đạt."""


class Assessment(NamedTuple):
    """All results of one pupil-year, in whole tenths and level numbers; None is a result not known yet."""

    results: list[Results]
    retests: list[int | None]  # the re-test results that count, subject by subject
    ratings: tuple[Rating, Rating, Rating]
    after_retest: Rating
    conduct: int | None
    after_summer: int | None
    decision: Decision
    title: str | None


def assess(pupil: PupilYear, limits: Thresholds) -> Assessment:
    """Assess a pupil-year. Never guesses: a result that needs a missing mark is None."""
    subjects = pupil.subjects
    results = [_subject_results(subject) for subject in subjects]
    ratings = (UNKNOWN, UNKNOWN, UNKNOWN)
    if is_rated(pupil, limits):
        ratings = (
            _rating(subjects, results, TERM_1, limits),
            _rating(subjects, results, TERM_2, limits),
            _rating(subjects, results, YEAR, limits),
        )
    learning = ratings[YEAR].level
    conduct = year_conduct(*pupil.conduct)
    after_summer = pupil.after_summer if conduct == 0 and learning != 0 else None
    retests, after_retest = _after_retest(subjects, results, learning, conduct, limits)
    year = Year(learning, conduct, after_retest.level, after_summer, pupil.absences)
    year_scores = [
        result[YEAR] or 0
        for subject, result in zip(subjects, results, strict=True)
        if subject.scored and subject.counted[YEAR]
    ]
    return Assessment(
        results,
        retests,
        ratings,
        after_retest,
        conduct,
        after_summer,
        _decide(pupil, year, limits),
        title(learning, conduct, year_scores, limits),
    )


def is_rated(pupil: PupilYear, limits: Thresholds) -> bool:
    """Whether the levels of Điều 9 can be asked about at all.

    Not while the number of subjects they ask for is open, and not for a pupil with a disability who is
    assessed in fewer scored subjects than that (Điều 11).
    """
    if not pupil.disability:
        return limits.enough_subjects != NOT_SET
    scored = sum(subject.scored and subject.counted[YEAR] for subject in pupil.subjects)
    return scored >= limits.enough_subjects != NOT_SET


def _subject_results(subject: Subject) -> Results:
    counted = subject.counted
    first = _term_result(subject.terms[0], scored=subject.scored) if counted[TERM_1] else None
    second = _term_result(subject.terms[1], scored=subject.scored) if counted[TERM_2] else None
    if counted[TERM_1] is not counted[TERM_2]:  # exempted in one term: the other one is the year
        return first, second, first if counted[TERM_1] else second
    if not subject.scored:
        return first, second, year_comment(first, second)
    if first is None or second is None:
        return first, second, None
    return first, second, year_average(first, second)


def _term_result(term: Term, *, scored: bool) -> int | None:
    regular, midterm, final, _, recorded = term
    if midterm is None or final is None or not regular or None in regular:
        return recorded
    if scored:
        return term_average(regular, midterm, final)  # type: ignore[arg-type]  # no None in it, see above
    return term_comment(regular, midterm, final)  # type: ignore[arg-type]


def _rating(
    subjects: Sequence[Subject], results: Sequence[Results], period: int, limits: Thresholds
) -> Rating:
    return _rate(subjects, [result[period] for result in results], period, limits)


def _rate(
    subjects: Sequence[Subject], values: Sequence[int | None], period: int, limits: Thresholds
) -> Rating:
    scores: list[tuple[int, str]] = []
    failed: list[str] = []
    for subject, value in zip(subjects, values, strict=True):
        if value is None:
            if subject.counted[period]:
                return UNKNOWN
        elif subject.scored:
            scores.append((value, subject.code))
        elif not value:
            failed.append(subject.code)
    return rate(scores, failed, limits)


def _after_retest(
    subjects: Sequence[Subject],
    results: Sequence[Results],
    learning: int | None,
    conduct: int | None,
    limits: Thresholds,
) -> tuple[list[int | None], Rating]:
    """Điều 14: the new result stands for the year's result of the subject; the original stays beside it."""
    retests: list[int | None] = [None] * len(subjects)
    if not may_retest(learning, conduct):
        return retests, UNKNOWN
    values = [result[YEAR] for result in results]
    for index, subject in enumerate(subjects):
        if subject.retest is not None and may_retest_in(values[index], limits, scored=subject.scored):
            retests[index] = values[index] = subject.retest
    if all(retest is None for retest in retests):
        return retests, UNKNOWN
    return retests, _rate(subjects, values, YEAR, limits)


def _decide(pupil: PupilYear, year: Year, limits: Thresholds) -> Decision:
    if not pupil.disability:
        return decide(year, limits)
    # Điều 12 khoản 4: for a pupil with a disability the principal decides, on the results or on the plan.
    if pupil.decision is None:
        return Decision(None, Ground.PRINCIPAL_DECIDES)
    return Decision(Promotion(pupil.decision), Ground.PRINCIPAL_DECIDED)
