"""Promotion, re-test, summer training and titles (TT 22/2021 Điều 12 to 15)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from hocba.regulations.levels import CHUA_DAT, DAT, TOT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocba.regulations.circular22.thresholds import Thresholds


class Promotion(StrEnum):
    """What becomes of the pupil at the end of the year."""

    PROMOTED = "PROMOTED"
    RETEST = "RETEST"
    SUMMER_TRAINING = "SUMMER_TRAINING"
    RETAINED = "RETAINED"


class Ground(StrEnum):
    """Why: the rule that decided; the sentences are in `sentences.py`."""

    ALL_MET = "all_met"
    MET_AFTER_RETEST = "met_after_retest"
    MET_AFTER_SUMMER = "met_after_summer"
    TOO_MANY_ABSENCES = "too_many_absences"
    BOTH_NOT_REACHED = "both_not_reached"
    LEARNING_NOT_REACHED = "learning_not_reached"
    CONDUCT_NOT_REACHED = "conduct_not_reached"
    NOT_REACHED_AFTER_RETEST = "not_reached_after_retest"
    NOT_REACHED_AFTER_SUMMER = "not_reached_after_summer"
    UNKNOWN = "unknown"
    PRINCIPAL_DECIDED = "principal_decided"
    PRINCIPAL_DECIDES = "principal_decides"


class Decision(NamedTuple):
    """A promotion (None while it cannot be known) and its ground."""

    promotion: Promotion | None
    ground: Ground


class Year(NamedTuple):
    """What promotion is decided on. Levels are numbers of `levels`, None while not known.

    `after_retest` is None while no re-test result is there; `after_summer` likewise.
    """

    learning: int | None
    conduct: int | None
    after_retest: int | None
    after_summer: int | None
    absences: int | None


def decide(year: Year, limits: Thresholds) -> Decision:
    """Promotion by Điều 12 khoản 1, with Điều 13 (summer training) and Điều 14 (assessment again)."""
    if year.absences is not None and year.absences > limits.absences:
        return Decision(Promotion.RETAINED, Ground.TOO_MANY_ABSENCES)
    if year.learning == CHUA_DAT and year.conduct == CHUA_DAT:
        return Decision(Promotion.RETAINED, Ground.BOTH_NOT_REACHED)
    if year.learning is None or year.conduct is None or year.absences is None:
        return Decision(None, Ground.UNKNOWN)
    if year.conduct == CHUA_DAT:
        return _after_summer(year.after_summer)
    if year.learning == CHUA_DAT:
        return _after_retest(year.after_retest)
    return Decision(Promotion.PROMOTED, Ground.ALL_MET)


def _after_summer(level: int | None) -> Decision:
    if level is None:
        return Decision(Promotion.SUMMER_TRAINING, Ground.CONDUCT_NOT_REACHED)
    if level >= DAT:
        return Decision(Promotion.PROMOTED, Ground.MET_AFTER_SUMMER)
    return Decision(Promotion.RETAINED, Ground.NOT_REACHED_AFTER_SUMMER)


def _after_retest(level: int | None) -> Decision:
    if level is None:
        return Decision(Promotion.RETEST, Ground.LEARNING_NOT_REACHED)
    if level >= DAT:
        return Decision(Promotion.PROMOTED, Ground.MET_AFTER_RETEST)
    return Decision(Promotion.RETAINED, Ground.NOT_REACHED_AFTER_RETEST)


def may_retest(learning: int | None, conduct: int | None) -> bool:
    """Điều 14: conduct of the year at least Đạt and learning of the year Chưa đạt."""
    return learning == CHUA_DAT and conduct is not None and conduct >= DAT


def may_retest_in(result: int | None, limits: Thresholds, *, scored: bool) -> bool:
    """Điều 14: scored subjects under 5.0 and comment subjects Chưa đạt."""
    if result is None:
        return False
    return result < limits.retest_below if scored else not result


def title(
    learning: int | None, conduct: int | None, year_scores: Iterable[int], limits: Thresholds
) -> str | None:
    """XUAT_SAC, GIOI or None (Điều 15 khoản 1): from the results of the year, never of a term."""
    if learning != TOT or conduct != TOT:
        return None
    excellent = sum(score >= limits.excellent for score in year_scores)
    return "XUAT_SAC" if excellent >= limits.enough_subjects else "GIOI"
