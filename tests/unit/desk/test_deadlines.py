from __future__ import annotations

from datetime import date, datetime

import pytest

from hocba.desk.deadlines import Deadline, deadline_of
from hocba.signing.instants import VIETNAM


def on(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=VIETNAM)


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
        days = {("2025-2026", "Hạn ký"): date(2026, 5, 20)}

        found = deadline_of("2025-2026", days, at=on(2026, 6, 1))

        assert found == Deadline(date(2026, 5, 20), is_set=True)

    def test_is_the_close_on_the_day_to_which_the_operator_moved_it(self) -> None:
        days = {("2025-2026", "Khóa học bạ số"): date(2026, 7, 5)}

        found = deadline_of("2025-2026", days, at=on(2026, 7, 2))

        assert found == Deadline(date(2026, 7, 5), is_set=False)

    def test_is_not_what_the_operator_set_for_another_year(self) -> None:
        days = {("2026-2027", "Hạn ký"): date(2027, 5, 20)}

        found = deadline_of("2025-2026", days, at=on(2026, 5, 1))

        assert found is not None
        assert not found.is_set

    @pytest.mark.parametrize("year", ["", "2025", "2025-x", "lớp 9"])
    def test_of_what_is_no_school_year_is_none(self, year: str) -> None:
        assert deadline_of(year, {}, at=on(2026, 1, 1)) is None
