from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from hocba.desk.deadlines import Deadline, deadline_of, parse
from hocba.signing.instants import VIETNAM


def on(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=VIETNAM)


class TestParse:
    def test_reads_days_by_school_year(self) -> None:
        assert parse("2025-2026=2026-05-31, 2026-2027=2027-05-31") == {
            "2025-2026": date(2026, 5, 31),
            "2026-2027": date(2027, 5, 31),
        }
        assert parse("") == {}

    @pytest.mark.parametrize("text", ["2026-05-31", "2025-2026=31/5/2026", "2025-2026="])
    def test_fails_loudly(self, text: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="HOCBA_SIGNING_DEADLINES"):
            parse(text)


class TestDeadlineOf:
    @pytest.mark.parametrize(
        ("at", "day"),
        [
            (on(2026, 5, 1), date(2026, 6, 30)),
            (on(2026, 6, 30, 23), date(2026, 6, 30)),
            (on(2026, 7, 1), date(2026, 8, 15)),
            (on(2026, 8, 16), None),
        ],
    )
    def test_is_the_next_close_of_the_year(self, at: datetime, day: date | None) -> None:
        found = deadline_of("2025-2026", {}, at=at)

        assert (found and found.day) == day
        assert found is None or not found.is_set

    def test_is_what_the_operator_set_even_when_it_has_passed(self) -> None:
        days = {"2025-2026": date(2026, 5, 20)}

        assert deadline_of("2025-2026", days, at=on(2026, 6, 1)) == Deadline(date(2026, 5, 20), is_set=True)

    @pytest.mark.parametrize("year", ["", "2025", "2025-x", "lớp 9"])
    def test_of_what_is_no_school_year_is_none(self, year: str) -> None:
        assert deadline_of(year, {}, at=on(2026, 1, 1)) is None

    def test_ends_with_its_day(self) -> None:
        assert Deadline(date(2026, 6, 30), is_set=False).end == on(2026, 7, 1, 0)
