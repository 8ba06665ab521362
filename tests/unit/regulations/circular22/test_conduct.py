from __future__ import annotations

from itertools import product

import pytest

from hocba.regulations.circular22.conduct import year_conduct
from hocba.regulations.levels import BY_NAME


class TestYearConduct:
    @pytest.mark.parametrize(
        ("second", "row"),
        [
            ("TOT", "TOT TOT KHA KHA"),
            ("KHA", "KHA KHA KHA DAT"),
            ("DAT", "KHA DAT DAT DAT"),
            ("CHUA_DAT", "CHUA_DAT CHUA_DAT CHUA_DAT CHUA_DAT"),
        ],
    )
    def test_reads_the_matrix_of_article_8_2(self, second: str, row: str) -> None:
        first_terms = ("TOT", "KHA", "DAT", "CHUA_DAT")

        for first, year in zip(first_terms, row.split(), strict=True):
            assert year_conduct(BY_NAME[first], BY_NAME[second]) == BY_NAME[year]

    def test_never_falls_when_a_term_is_better(self) -> None:
        for first, second in product(range(4), range(3)):
            assert year_conduct(first, second + 1) >= year_conduct(first, second)  # type: ignore[operator]
            assert year_conduct(second + 1, first) >= year_conduct(second, first)  # type: ignore[operator]

    def test_waits_for_both_terms(self) -> None:
        assert year_conduct(3, None) is None
        assert year_conduct(None, 0) is None
