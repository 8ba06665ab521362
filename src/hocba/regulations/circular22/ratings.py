"""Learning level of a term or of the year (TT 22/2021 Điều 9 khoản 2), adjusted by khoản 3."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hocba.regulations.levels import CHUA_DAT, DAT, KHA, TOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocba.regulations.circular22.thresholds import Thresholds


class Rating(NamedTuple):
    """`raw` by khoản 2, `level` after khoản 3, `culprit` the code of the one subject that lowered it."""

    raw: int | None
    level: int | None
    culprit: str | None = None


UNKNOWN = Rating(None, None)


def rate(scores: Sequence[tuple[int, str]], failed: Sequence[str], limits: Thresholds) -> Rating:
    """The level from scored results (tenths, subject code) and codes of comment subjects Chưa đạt."""
    ordered = sorted(scores)
    # A pupil with fewer scored subjects than "ít nhất 06 môn" can reach no level that asks for them.
    enough = len(ordered) >= limits.enough_subjects
    sixth = ordered[-limits.enough_subjects][0] if enough else -1
    lowest = ordered[0][0] if ordered else -1
    raw = level_of(lowest, sixth, len(failed), limits)
    if raw > DAT:
        return Rating(raw, raw)
    without, culprit = _without_one(ordered, sixth, failed, limits)
    # Khoản 3: lower by two levels or more than Tốt or Khá because of that subject alone: one level up.
    if without - raw >= 2:
        return Rating(raw, raw + 1, culprit)
    return Rating(raw, raw)


def level_of(lowest: int, sixth: int, failed: int, limits: Thresholds) -> int:
    """Khoản 2: from the lowest scored result, the sixth from the top, and the comment subjects failed."""
    if not failed and lowest >= limits.good_all and sixth >= limits.good_enough:
        return TOT
    if not failed and lowest >= limits.fair_all and sixth >= limits.fair_enough:
        return KHA
    if failed <= limits.failed_comments and lowest >= limits.floor and sixth >= limits.pass_enough:
        return DAT
    return CHUA_DAT


def _without_one(
    ordered: Sequence[tuple[int, str]], sixth: int, failed: Sequence[str], limits: Thresholds
) -> tuple[int, str | None]:
    """The level the other subjects would give, and the one subject left out.

    Only one subject can be the cause: the comment subject failed, or the lowest score. It is not counted
    among the six: a score below the limit for all subjects never stands in the upper six either, for that
    limit is higher; so `sixth` need not be taken again.
    """
    if len(failed) == 1 and ordered:
        return level_of(ordered[0][0], sixth, 0, limits), failed[0]
    if not failed and len(ordered) > 1:
        return level_of(ordered[1][0], sixth, 0, limits), ordered[0][1]
    return CHUA_DAT, None
