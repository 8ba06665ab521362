"""Conduct of the year (kết quả rèn luyện cả năm, TT 22/2021 Điều 8 khoản 2) from the two terms."""

from __future__ import annotations

from typing import Final

from hocba.regulations.levels import CHUA_DAT, DAT, KHA, TOT

YEAR: Final[dict[tuple[int, int], int]] = {
    # (term I, term II): year
    (TOT, TOT): TOT,
    (KHA, TOT): TOT,
    (DAT, TOT): KHA,
    (CHUA_DAT, TOT): KHA,
    (TOT, KHA): KHA,
    (KHA, KHA): KHA,
    (DAT, KHA): KHA,
    (CHUA_DAT, KHA): DAT,
    (TOT, DAT): KHA,
    (KHA, DAT): DAT,
    (DAT, DAT): DAT,
    (CHUA_DAT, DAT): DAT,
    (TOT, CHUA_DAT): CHUA_DAT,
    (KHA, CHUA_DAT): CHUA_DAT,
    (DAT, CHUA_DAT): CHUA_DAT,
    (CHUA_DAT, CHUA_DAT): CHUA_DAT,
}


def year_conduct(term1: int | None, term2: int | None) -> int | None:
    """The conduct level of the year; None while a term is not assessed yet."""
    if term1 is None or term2 is None:
        return None
    return YEAR[term1, term2]
