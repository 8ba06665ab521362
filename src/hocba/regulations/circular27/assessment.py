"""Overall result, completion of the grade and title of a primary pupil (TT 27/2020 Điều 9, 11, 13)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from hocba.regulations.circular27 import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocba.regulations.circular27.reading import PrimaryYear

NOT_COMPLETED, COMPLETED, WELL, EXCELLENT = range(4)  # indexes of rules.OVERALL


class Proposal(StrEnum):
    """What the numbers propose; whether the grade is completed is for a person to say (Điều 11)."""

    COMPLETED = "COMPLETED"
    SUPPORT = "SUPPORT"  # the teacher helps, then assesses again
    PRINCIPAL_DECIDES = "PRINCIPAL_DECIDES"


class Facts(NamedTuple):
    """What Điều 9 asks about: the lowest of each kind; a missing one makes the whole None."""

    subjects: int
    traits: int
    tests: int | None  # None: nothing is tested


class Assessment(NamedTuple):
    """Overall results are indexes of `rules.OVERALL`, None while something is missing."""

    facts: Facts | None
    overall: int | None
    after_facts: Facts | None
    after_support: int | None
    proposal: Proposal | None
    title: str | None
    needs_nomination: bool


def assess(pupil: PrimaryYear) -> Assessment:
    """Assess the year end; the first three times of the year inform and do not count."""
    facts = _facts(pupil, supported=False)
    overall = overall_of(facts)
    after_facts = (
        _facts(pupil, supported=True) if pupil.support is not None and overall == NOT_COMPLETED else None
    )
    after = overall_of(after_facts)
    # Điều 13 khoản 1b wants people's word beside the numbers: nominated, and recognised by the class.
    title = (
        "XUAT_SAC" if overall == EXCELLENT else "TIEU_BIEU" if overall == WELL and pupil.nominated else None
    )
    needs_nomination = overall == WELL and pupil.nominated is None
    return Assessment(facts, overall, after_facts, after, _propose(overall, after), title, needs_nomination)


def overall_of(facts: Facts | None) -> int | None:
    """Điều 9 khoản 2a, from the lowest subject level, quality or competence, and year-end test."""
    if facts is None:
        return None
    subjects, traits, tests = facts
    lowest_test = rules.EXCELLENT_TESTS if tests is None else tests
    best_levels = subjects == rules.SUBJECT_LEVELS["T"] and traits == rules.TRAIT_LEVELS["T"]
    if best_levels and lowest_test >= rules.EXCELLENT_TESTS:
        return EXCELLENT
    if best_levels and lowest_test >= rules.GOOD_TESTS:
        return WELL
    if subjects >= 1 and traits >= 1 and lowest_test >= rules.PASSED_TESTS:
        return COMPLETED
    return NOT_COMPLETED


def _propose(overall: int | None, after: int | None) -> Proposal | None:
    if overall is None:
        return None
    if overall >= COMPLETED or (after is not None and after >= COMPLETED):
        return Proposal.COMPLETED
    return Proposal.SUPPORT if after is None else Proposal.PRINCIPAL_DECIDES


def _facts(pupil: PrimaryYear, *, supported: bool) -> Facts | None:
    support = pupil.support if supported else None
    levels = {each.code: each.levels[rules.YEAR_END] for each in pupil.subjects}
    tests = {
        each.code: each.tests[rules.YEAR_END] for each in pupil.subjects if rules.YEAR_END in each.tested
    }
    traits = {code: times[rules.YEAR_END] for code, times in pupil.traits.items()}
    if support is not None:
        levels, tests, traits = levels | support.levels, tests | support.tests, traits | support.traits
    lowest_level, lowest_trait = _lowest(levels.values()), _lowest(traits.values())
    if lowest_level is None or lowest_trait is None or None in tests.values():
        return None
    return Facts(lowest_level, lowest_trait, _lowest(tests.values()))


def _lowest(values: Iterable[int | None]) -> int | None:
    """The lowest value; None when one is missing or there is none at all."""
    known: list[int] = []
    for value in values:
        if value is None:
            return None
        known.append(value)
    return min(known, default=None)
