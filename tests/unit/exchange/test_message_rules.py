"""Rules that join several fields of a message."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import Any

import pytest

from hocba.exchange import messages
from hocba.exchange.message_rules import SHAPES
from tests.factories import messages as factory


def pointers(message: Any) -> list[str]:
    with pytest.raises(messages.MessageError) as caught:
        messages.from_bytes(type(message), messages.to_bytes(message))
    return [problem.pointer for problem in caught.value.problems]


class TestRoster:
    ROSTER = factory.roster()

    def test_names_no_class_that_it_does_not_list(self) -> None:
        homeroom = messages.Homeroom(class_name="9A9", teacher="GV0018")

        assert pointers(replace(self.ROSTER, homerooms=(homeroom,))) == ["/homerooms/0/class_name"]

    def test_names_no_teacher_that_it_does_not_list(self) -> None:
        assignment = replace(self.ROSTER.assignments[0], teacher="GV9999")

        assert pointers(replace(self.ROSTER, assignments=(assignment,))) == ["/assignments/0/teacher"]

    def test_lists_pupils_classes_and_staff_once(self) -> None:
        doubled = replace(
            self.ROSTER,
            pupils=(*self.ROSTER.pupils, self.ROSTER.pupils[0]),
            classes=self.ROSTER.classes * 2,
            staff=(*self.ROSTER.staff, self.ROSTER.staff[0]),
        )

        assert pointers(doubled) == ["/staff/2", "/classes/1", "/pupils/2"]


class TestReportedResults:
    RESULTS = factory.reported_results()

    def test_hold_a_pupil_once(self) -> None:
        assert pointers(replace(self.RESULTS, rows=self.RESULTS.rows * 2)) == ["/rows/2", "/rows/3"]

    def test_hold_only_marks_of_the_kind_of_the_subject(self) -> None:
        row = replace(self.RESULTS.rows[0], midterm="D")

        assert pointers(replace(self.RESULTS, rows=(row,))) == ["/rows/0"]


class TestReportedPrimaryResults:
    RESULTS = factory.reported_primary_results()

    def test_hold_a_pupil_once(self) -> None:
        assert pointers(replace(self.RESULTS, rows=self.RESULTS.rows * 2)) == ["/rows/2", "/rows/3"]

    def test_hold_only_levels_and_tests_of_primary_schools(self) -> None:
        row = replace(self.RESULTS.rows[0], middle_level="TOT", end_test="8.0")

        assert pointers(replace(self.RESULTS, rows=(row,))) == [
            "/rows/0/middle_level",
            "/rows/0/end_test",
        ]


class TestReturnedResults:
    RESULTS = factory.returned_results()

    def test_hold_a_subject_and_term_once(self) -> None:
        assert pointers(replace(self.RESULTS, sheets=self.RESULTS.sheets * 2)) == ["/sheets/2", "/sheets/3"]

    def test_hold_a_sheet_or_what_it_lacks(self) -> None:
        sheet, lacking = self.RESULTS.sheets
        both, neither = replace(sheet, problems=("Thiếu.",)), replace(lacking, problems=())

        assert pointers(replace(self.RESULTS, sheets=(both, neither))) == ["/sheets/0", "/sheets/1"]


class TestShapes:
    def test_name_fields_that_exist(self) -> None:
        missing = [
            (kind.__name__, name)
            for kind, name in SHAPES
            if name not in {field.name for field in dataclasses.fields(kind)}
        ]

        assert not missing

    @pytest.mark.parametrize("personal_id", ["79313224404", "0793132244041", "07931322440x"])
    def test_hold_for_pupils_inside_a_roster(self, personal_id: str) -> None:
        roster = factory.roster()
        first = replace(roster.pupils[0], pupil=replace(roster.pupils[0].pupil, personal_id=personal_id))

        assert pointers(replace(roster, pupils=(first,))) == ["/pupils/0/pupil/personal_id"]
