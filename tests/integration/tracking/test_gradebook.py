"""Entering: bulk, idempotent, with history, reported in the same transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hocba.platform.audit import queries as audit
from hocba.platform.messages import ports
from hocba.platform.tenancy import scope
from hocba.tracking.gradebook import actions, entries, queries
from hocba.tracking.gradebook.errors import BadMarkError, UnknownPlaceError
from hocba.tracking.roster.models import ClassGroup
from tests.factories import small_school as school
from tests.fakes.sides import deliver, pending_count
from tests.integration.tracking.desk import Desk

pytestmark = pytest.mark.django_db
YEAR = school.YEAR
LATER = school.AT + timedelta(days=1)


def enter(desk: Desk, rows: object, by: str = "GV0006") -> int:
    with scope.acting_for(desk.code):
        return actions.enter_marks(
            school_code=desk.code,
            school_year=YEAR,
            entries=entries.marks_from(rows),  # type: ignore[arg-type]
            by=by,
            at=LATER,
        )


def state(desk: Desk, subject: str, term: int) -> queries.SheetState:
    with scope.acting_for(desk.code):
        return queries.states_of(desk.code, YEAR)["6A1", subject, term]


def changed_row(subject: str, term: int, **changes: object) -> list[object]:
    row = next(
        row
        for row in school.marks()
        if (row.class_name, row.subject_code, row.term) == ("6A1", subject, term)
    )
    return [replace(row, **changes)]  # type: ignore[arg-type]


class TestEnterMarks:
    def test_changes_nothing_the_second_time(self, desk: Desk) -> None:
        desk.enter()
        before = state(desk, "TOAN", 1)

        assert enter(desk, desk.data.marks) == 0

        assert state(desk, "TOAN", 1) == before
        assert pending_count() == 0

    def test_keeps_who_changed_what_and_when(self, desk: Desk) -> None:
        desk.enter()

        enter(desk, changed_row("TOAN", 1, final="9.5"))

        with scope.acting_for(desk.code):
            first, second = queries.history_of(desk.code, YEAR, ("6A1", "TOAN", 1), "7924000001")
        assert (first.before, first.by) == (None, "test")
        assert (second.before["final"], second.after["final"]) == ("7.0", "9.5")
        assert (second.by, second.at) == ("GV0006", LATER)

    def test_leaves_no_value_in_the_trail(self, desk: Desk) -> None:
        desk.enter()
        enter(desk, changed_row("TOAN", 1, final="9.5", remark="Rất đặc biệt"))

        last = audit.list_events_of(f"sheet:{desk.code}:{YEAR}:6A1:TOAN:1").last()

        assert last is not None
        assert last.details == {"version": 2, "pupils": ["7924000001"]}

    def test_reports_each_changed_sheet_once_and_the_year_that_hangs_on_it(self, desk: Desk) -> None:
        desk.enter()
        before = len(desk.sides.asked)

        enter(desk, changed_row("TOAN", 1, final="9.5"))
        deliver()

        sent = sorted(path for _, _, path in desk.sides.asked[before:])
        assert sent == [f"/exchange/v1/schools/{desk.code}/results/{YEAR}/6A1/TOAN/{term}" for term in (1, 2)]
        assert state(desk, "TOAN", 2).is_reported

    def test_refuses_a_pupil_of_another_class_and_writes_nothing(self, desk: Desk) -> None:
        rows = [*changed_row("TOAN", 1), *changed_row("TOAN", 1, pupil_code="7924000003")]

        with pytest.raises(UnknownPlaceError, match="7924000003"):
            enter(desk, rows)

        with scope.acting_for(desk.code):
            assert queries.states_of(desk.code, YEAR) == {}

    def test_refuses_a_subject_nobody_teaches_there(self, desk: Desk) -> None:
        with pytest.raises(UnknownPlaceError, match="TINHOC"):
            enter(desk, changed_row("TOAN", 1, subject_code="TINHOC"))

    def test_refuses_a_class_that_another_circular_applies_to(self, desk: Desk) -> None:
        with scope.acting_for(desk.code):
            ClassGroup.objects.filter(name="6A1").update(grade=4)

        with pytest.raises(BadMarkError, match="lớp 4 năm học 2024-2025 áp dụng TT27-2020"):
            enter(desk, changed_row("TOAN", 1, final="9.0"))

    def test_names_every_value_that_is_no_mark(self, desk: Desk) -> None:
        rows = [*changed_row("TOAN", 1, midterm="11.0"), *changed_row("GDTC", 1, final="8.0")]

        with pytest.raises(BadMarkError) as caught:
            enter(desk, rows)

        assert len(str(caught.value).splitlines()) == 2

    def test_writes_nothing_when_the_report_cannot_be_written(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from hocba.platform.files import store

        def broken(_: bytes) -> str:
            raise OSError("disk full")

        monkeypatch.setattr(store, "put", broken)

        with pytest.raises(OSError, match="disk full"):
            enter(desk, desk.data.marks)

        with scope.acting_for(desk.code):
            assert queries.states_of(desk.code, YEAR) == {}


class TestReport:
    def test_is_noted_when_refused(self, desk: Desk) -> None:
        desk.sides.answers["sector"] = lambda _: ports.Answer(
            status=409, headers={}, body='{"title": "Đã có phiên bản 9"}'.encode()
        )

        desk.enter()

        found = state(desk, "TOAN", 1)
        assert not found.is_reported
        assert found.report_problem == "Đã có phiên bản 9"

    def test_waits_when_the_sector_side_cannot_be_reached(self, desk: Desk) -> None:
        desk.sides.answers["sector"] = lambda _: ports.Answer(status=503, headers={}, body=b"")

        desk.enter()

        assert pending_count() == 8


class TestSummaries:
    def test_count_each_part_for_itself(self, desk: Desk) -> None:
        desk.enter()

        with scope.acting_for(desk.code):
            rows = entries.summaries_from(school.summaries(conduct_term2="TOT"))
            changed = actions.enter_summaries(
                school_code=desk.code, school_year=YEAR, entries=rows, by="GV0008", at=LATER
            )
            states = queries.states_of(desk.code, YEAR)

        assert changed == 3
        assert [states["6A1", queries.SUMMARY, term].version for term in (0, 1, 2)] == [1, 1, 2]

    def test_change_nothing_the_second_time(self, desk: Desk) -> None:
        desk.enter()

        with scope.acting_for(desk.code):
            rows = entries.summaries_from(school.summaries())
            assert (
                actions.enter_summaries(
                    school_code=desk.code, school_year=YEAR, entries=rows, by="GV0008", at=LATER
                )
                == 0
            )
