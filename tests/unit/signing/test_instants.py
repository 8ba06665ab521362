from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hocba.signing import instants

NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


class TestWords:
    def test_are_vietnamese_time(self) -> None:
        instant = datetime(2026, 5, 27, 18, 30, tzinfo=UTC)

        assert instants.day(instant) == "28/05/2026"
        assert instants.moment(instant) == "01:30:00 28/05/2026"
        assert instants.iso(instant) == "2026-05-28T01:30:00+07:00"

    def test_of_a_certificate_without_an_end_are_its_own(self) -> None:
        """RFC 5280 4.1.2.5 writes it so; there is no such moment in Vietnamese time."""
        assert instants.day(NEVER) == "31/12/9999"
        assert instants.iso(NEVER) == "9999-12-31T23:59:59+00:00"


class TestIsWithinReach:
    @pytest.mark.parametrize(
        ("year", "within"), [(1, False), (1899, False), (1900, True), (2026, True), (9999, False)]
    )
    def test_keeps_away_from_the_ends_of_the_calendar(self, year: int, within: bool) -> None:
        assert instants.is_within_reach(datetime(year, 1, 1, tzinfo=UTC)) is within
