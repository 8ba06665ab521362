"""Result of a subject in a term and in the year (TT 22/2021 Điều 9 khoản 1), in whole tenths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.regulations.marks import divide_half_up

if TYPE_CHECKING:
    from collections.abc import Sequence

MIDTERM_WEIGHT: Final = 2
FINAL_WEIGHT: Final = 3
SECOND_TERM_WEIGHT: Final = 2


def term_average(regular: Sequence[int], midterm: int, final: int) -> int:
    """ĐTBmhk = (TĐĐGtx + 2 x ĐĐGgk + 3 x ĐĐGck) / (Số ĐĐGtx + 5), all in tenths (Điều 9 khoản 1b)."""
    total = sum(regular) + MIDTERM_WEIGHT * midterm + FINAL_WEIGHT * final
    return divide_half_up(total, len(regular) + MIDTERM_WEIGHT + FINAL_WEIGHT)


def year_average(term1: int, term2: int) -> int:
    """ĐTBmcn = (ĐTBmhkI + 2 x ĐTBmhkII) / 3 of the rounded term averages (Điều 9 khoản 1b)."""
    return divide_half_up(term1 + SECOND_TERM_WEIGHT * term2, 1 + SECOND_TERM_WEIGHT)


def term_comment(regular: Sequence[int], midterm: int, final: int) -> int:
    """Đạt (1) when every assessment of the term is Đạt, else Chưa đạt (0) (Điều 9 khoản 1a)."""
    return min(*regular, midterm, final)


def year_comment(_term1: int | None, term2: int | None) -> int | None:
    """The year of a comment subject is its term II, whatever term I was (Điều 9 khoản 1a)."""
    return term2
