from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from hocba.desk import frozen, reports
from hocba.desk.ports import Item, Result, State
from tests.unit.desk.test_frozen import HEAD, listing
from tests.unit.desk.test_packages import BATCH, ITEMS


def report(state: State, *results: Result, items: list[Item] | None = None) -> reports.Report:
    items = items or ITEMS
    batch = replace(BATCH, state=state, listing=frozen.keep(HEAD, listing(*items)))
    return reports.report_of(batch, {item.id: each for item, each in zip(items, results, strict=True)})


class TestReport:
    @pytest.mark.parametrize(
        ("state", "counts"),
        [
            (State.OPEN, {"signed": 1, "failed": 0, "pending": 1, "skipped": 1}),
            (State.STOPPED, {"signed": 1, "failed": 0, "pending": 0, "skipped": 2}),
            (State.EXPIRED, {"signed": 1, "failed": 0, "pending": 0, "skipped": 2}),
        ],
    )
    def test_tells_what_waits_from_what_was_left(self, state: State, counts: dict[str, int]) -> None:
        found = report(state, Result(is_signed=True), Result(is_signed=False))

        assert found.counts == counts
        assert all(row.reason for row in found.rows if row.fate is reports.Fate.SKIPPED)

    def test_keeps_the_cause_of_a_failure_after_the_end(self) -> None:
        found = report(State.STOPPED, Result(is_signed=True), Result(is_signed=False, reason="không khớp"))

        assert [(row.fate, row.reason) for row in found.rows][1] == (reports.Fate.FAILED, "không khớp")

    def test_holds_for_programs_what_the_page_holds(self) -> None:
        members = reports.to_members(report(State.OPEN, Result(is_signed=True), Result(is_signed=False)))

        assert (members["signed"], members["pending"], members["skipped"]) == (1, 1, 1)
        assert [row["result"] for row in members["items"]] == ["signed", "pending", "skipped"]


class TestToCsv:
    def test_never_starts_a_formula(self) -> None:
        bad = [replace(ITEMS[0], title='=HYPERLINK("x")'), ITEMS[1]]

        found = report(State.OPEN, Result(is_signed=True), Result(is_signed=True), items=bad)
        text = reports.to_csv(found).decode("utf-8-sig")

        rows = list(csv.reader(io.StringIO(text)))
        assert rows[1][1] == '\'=HYPERLINK("x")'
        assert [row[3] for row in rows[1:]] == ["Đã ký", "Đã ký", "Bỏ qua"]
