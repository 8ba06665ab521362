from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from hocba.regulations import marks


class TestDivideHalfUp:
    @given(st.integers(0, 100_000), st.integers(1, 30))
    def test_rounds_like_a_decimal_rounding_half_up(self, numerator: int, denominator: int) -> None:
        exact = Decimal(numerator) / denominator

        assert marks.divide_half_up(numerator, denominator) == exact.quantize(Decimal(1), ROUND_HALF_UP)


class TestShown:
    def test_writes_a_decimal_comma(self) -> None:
        assert marks.shown("8.0") == "8,0"

    def test_names_comment_results(self) -> None:
        assert [marks.shown("D"), marks.shown("CD")] == ["Đạt", "Chưa đạt"]

    def test_draws_a_dash_for_what_is_missing(self) -> None:
        assert marks.shown(None) == "–"
