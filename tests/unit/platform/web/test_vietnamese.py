from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hocba.platform.web.templatetags import vietnamese


class TestMark:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [("8.0", "8,0"), ("10.0", "10,0"), ("D", "Đ"), ("CD", "CĐ"), (None, "–"), ("", "–")],
    )
    def test_is_shown_as_the_circular_writes_it(self, value: str | None, shown: str) -> None:
        assert vietnamese.mark(value) == shown


class TestMoment:
    def test_is_shown_in_the_time_of_vietnam(self) -> None:
        assert vietnamese.moment(datetime(2026, 5, 30, 18, 0, 5, tzinfo=UTC)) == "31/05/2026 01:00:05"

    def test_that_a_document_writes_is_shown_the_same_way(self) -> None:
        assert vietnamese.written_moment("2026-05-30T08:00:05+07:00") == "30/05/2026 08:00:05"
        assert vietnamese.written_moment(None) == "–"


class TestMasked:
    def test_hides_the_middle_of_a_personal_id(self) -> None:
        assert vietnamese.masked("079214000123") == "079•••••0123"


class TestWrittenDate:
    def test_is_read_the_vietnamese_way_even_when_partial(self) -> None:
        written = [vietnamese.written_date(value) for value in ("2013-07-16", "2013-07", "2013", "")]
        assert written == ["16/07/2013", "07/2013", "2013", "–"]
