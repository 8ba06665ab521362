"""Marks as whole tenths: "8.0" is 80, so that no average ever meets a binary fraction."""

from __future__ import annotations

from typing import Final

HIGHEST: Final = 100  # 10.0

TEXTS: Final[tuple[str, ...]] = tuple(f"{tenths // 10}.{tenths % 10}" for tenths in range(HIGHEST + 1))
"""The mark in tenths to its text: TEXTS[80] is "8.0"."""

TENTHS: Final[dict[str, int]] = {text: tenths for tenths, text in enumerate(TEXTS)}
"""The text of a mark to its tenths; holds every mark the scale has and nothing else."""

FAILED: Final = 0
PASSED: Final = 1

COMMENT_TEXTS: Final = ("CD", "D")
COMMENTS: Final[dict[str, int]] = {"CD": FAILED, "D": PASSED}
COMMENTS_SHOWN: Final = {"D": "Đạt", "CD": "Chưa đạt"}


def divide_half_up(numerator: int, denominator: int) -> int:
    """Divide two whole numbers, half up to a whole number: 125 / 2 is 63. Both must not be negative.

    TT 22/2021 Điều 5 khoản 3b rounds to one decimal; in tenths that is a whole number.
    """
    return (2 * numerator + denominator) // (2 * denominator)


def shown(mark: str | None) -> str:
    """A mark or comment result as people read it: "8,0", "Đạt", "Chưa đạt"; "–" for none."""
    if mark is None:
        return "–"
    return COMMENTS_SHOWN.get(mark) or mark.replace(".", ",")
