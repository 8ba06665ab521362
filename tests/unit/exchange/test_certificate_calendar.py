from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

import pytest

from hocba.exchange.certificate_calendar import (
    Deadline,
    DeadlineError,
    Need,
    State,
    deadlines_of,
    grouped,
    lines_of,
    parse,
    school_year_at,
)
from hocba.signing.approvals import Approval
from hocba.signing.instants import VIETNAM

NOW = datetime(2026, 11, 21, 9, tzinfo=VIETNAM)
YEAR = "2026-2027"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def approval(holder: str, until: str | None, *positions: str, **changes: Any) -> Approval:
    values: dict[str, Any] = {
        "school": "1", "sha256": "a" * 64, "holder": holder, "name": holder, "kind": "person",
        "positions": frozenset(positions or ("teacher",)), "valid_from": moment("2024-09-01"),
        "valid_until": None if until is None else moment(until), "revoked_at": None,
    }  # fmt: skip
    return Approval(**(values | changes))


def need(holder: str, position: str = "teacher") -> Need:
    return Need(school="1", holder=holder, name=f"Tên {holder}", position=position)


def line(*approvals: Approval, of: Need | None = None, now: datetime = NOW) -> Any:
    (found,) = lines_of([of or need("GV1")], approvals, deadlines_of(YEAR, {}), now=now)
    return found


class TestLines:
    @pytest.mark.parametrize(
        ("until", "state", "missed"),
        [
            ("2026-11-20", State.MISSING, None),
            ("2026-12-31", State.ENDS_BEFORE, date(2027, 1, 18)),
            ("2027-06-30T23:59:59", State.ENDS_BEFORE, date(2027, 6, 30)),
            ("2027-07-01", State.ENDS_BEFORE, date(2027, 8, 15)),
            ("2027-08-16", State.COVERED, None),
            (None, State.COVERED, None),
        ],
    )
    def test_name_the_first_deadline_that_is_not_reached(
        self, until: str | None, state: State, missed: date | None
    ) -> None:
        found = line(approval("GV1", until))

        assert (found.state, found.deadline and found.deadline.day) == (state, missed)

    def test_take_the_certificate_that_lasts_longest(self) -> None:
        assert line(approval("GV1", "2026-12-31"), approval("GV1", "2029-01-01")).state is State.COVERED

    def test_end_with_a_withdrawal_or_a_leaving_day(self) -> None:
        leaving = approval("GV1", "2029-01-01", revoked_at=moment("2027-01-05"))
        gone = approval("GV1", "2029-01-01", revoked_at=moment("2026-11-01"))

        assert line(leaving).deadline.name == "Kết thúc học kỳ I"
        assert (line(gone).state, line(gone).ends_at) == (State.MISSING, moment("2026-11-01"))

    def test_miss_who_has_a_certificate_for_another_position_or_none(self) -> None:
        teacher = approval("GV1", "2029-01-01")

        assert line(teacher, of=need("GV1", "leader")).state is State.MISSING
        assert line(teacher, of=need("GV2")).state is State.MISSING

    def test_count_no_approval_that_is_still_to_come(self) -> None:
        assert line(approval("GV1", "2029-01-01", valid_from=moment("2026-12-01"))).state is State.MISSING

    def test_ask_no_deadline_that_has_passed(self) -> None:
        found = line(approval("GV1", "2027-06-15"), now=moment("2027-06-01"))

        assert found.deadline == Deadline(name="Khóa học bạ số", day=date(2027, 6, 30))

    def test_say_it_to_people_and_programs(self) -> None:
        found = line(approval("GV1", "2026-12-31"))

        assert found.sentence == "Hết hiệu lực 31/12/2026, trước mốc Kết thúc học kỳ I."
        assert found.to_json()["deadline"] == "2027-01-18"
        assert "để ký vai lãnh đạo" in line(of=need("CB1", "leader")).sentence


class TestGrouped:
    def test_begins_with_what_is_worst(self) -> None:
        approvals = [
            approval("A", "2029-01-01"),
            approval("B", "2027-06-01"),
            approval("C", "2026-12-01"),
        ]
        lines = lines_of(map(need, "ABCD"), approvals, deadlines_of(YEAR, {}), now=NOW)

        assert [[each.need.holder for each in group.lines] for group in grouped(lines)] == [
            ["D"], ["C"], ["B"], ["A"],
        ]  # fmt: skip


class TestDeadlines:
    def test_may_be_moved_and_added(self) -> None:
        configured = parse("2026-2027/Kết thúc học kỳ I=2027-01-15, 2026-2027/Xét tuyển=2027-05-20")

        assert [(each.name, each.day) for each in deadlines_of(YEAR, configured)][:2] == [
            ("Kết thúc học kỳ I", date(2027, 1, 15)),
            ("Xét tuyển", date(2027, 5, 20)),
        ]
        assert deadlines_of("2027-2028", configured)[0].day == date(2028, 1, 18)

    @pytest.mark.parametrize(
        "text",
        [
            "2026-2027=2027-01-15",
            "2026-2027/A=15/1",
            "x",
            "2026-2027/=2027-01-15",
            "2026/A=2027-01-15",
            "2026-2028/A=2027-01-15",
            "2026-2027/A=2027-02-30",
            "2026-2027/A=20270115",
            "2026-2027/sign-by=2027-01-15, 2026-2027/Hạn ký=2027-01-16",
        ],
    )
    def test_in_another_form_are_refused(self, text: str) -> None:
        with pytest.raises(DeadlineError):
            parse(text)

    @pytest.mark.parametrize(
        ("written", "name"),
        [
            ("Hạn ký", "Hạn ký"),
            ("Hạn kí", "Hạn ký"),
            (unicodedata.normalize("NFD", "Hạn ký"), "Hạn ký"),
            ("hạn  ký ", "Hạn ký"),
            ("sign-by", "Hạn ký"),
            ("Khoá học bạ số", "Khóa học bạ số"),
            ("Kết thúc học kì I", "Kết thúc học kỳ I"),
            (unicodedata.normalize("NFD", "Xét tuyển"), "Xét tuyển"),
        ],
    )
    def test_are_known_in_every_spelling(self, written: str, name: str) -> None:
        assert parse(f"2026-2027/{written}=2027-05-20") == {(YEAR, name): date(2027, 5, 20)}

    @pytest.mark.parametrize(
        ("day", "year"), [("2026-08-15", "2025-2026"), ("2026-08-16", "2026-2027"), ("2027-01-01", YEAR)]
    )
    def test_are_those_of_the_running_year(self, day: str, year: str) -> None:
        assert school_year_at(moment(day)) == year
