"""The book of a class of tiểu học, and how pages show it."""

from __future__ import annotations

from typing import Any

import pytest

from hocba.tracking.gradebook import presenting_primary as presenting
from hocba.tracking.gradebook import primary_entries as entries
from hocba.tracking.gradebook.models import PrimaryMarkRow, PrimarySummaryRow
from hocba.tracking.gradebook.primary_books import PrimaryBook
from hocba.tracking.roster.queries import Class, PupilName
from tests.factories import primary_school as school

FIRST, SECOND = school.PUPILS


def book(school_year: str = "2024-2025", **at_year_end: Any) -> PrimaryBook:
    """Everything entered for the first pupil, nothing for the second."""
    rows = [school.row(FIRST, time, **(at_year_end if time == 3 else {})) for time in range(4)]
    marks: dict[tuple[str, int], dict[str, PrimaryMarkRow]] = {}
    for entry in entries.marks_from(rows):
        row = PrimaryMarkRow(pupil_code=entry.pupil_code, **entry.stated())
        marks.setdefault((entry.subject_code, entry.term), {})[entry.pupil_code] = row
    (summary,) = entries.summaries_from(rows)
    return PrimaryBook(
        group=Class(
            school_code="1",
            school_year=school_year,
            name=school.CLASS,
            grade=school.GRADE,
            level="TIEUHOC",
            homeroom_code="",
            subjects=school.SUBJECTS,
        ),
        pupils=tuple(PupilName(code=code, personal_id="", name=f"Tên {code}") for code in school.PUPILS),
        marks=marks,
        summaries={FIRST: PrimarySummaryRow(pupil_code=FIRST, **summary.stated())},
    )


class TestPrimaryBook:
    def test_proposes_from_the_year_end(self) -> None:
        found = book().proposals

        assert found[FIRST]["overall"]["year"] == "HOAN_THANH_TOT"
        assert found[FIRST]["completion"] == {"proposal": "COMPLETED", "decision": None}
        assert found[SECOND]["overall"]["year"] is None

    def test_proposes_nothing_to_a_class_of_an_older_circular(self) -> None:
        assert book("2020-2021").proposals == {}

    def test_has_a_row_and_every_quality_of_a_pupil_of_whom_nothing_was_said(self) -> None:
        found = book()

        assert [row.end_level for row in found.rows_of("TOAN", 2)] == ["T", None]
        assert {trait.end for trait in found.traits_of(SECOND, 2)} == {None}
        assert len(found.traits_of(SECOND, 2)) == 15


class TestClassTable:
    def test_shows_the_decision_and_beside_it_the_proposal(self) -> None:
        rows = presenting.class_table(book(overall="CHUA_HOAN_THANH", completed=False, promoted=False))[
            "rows"
        ]

        assert {name: rows[0][name] for name in ("overall", "completed", "promoted")} == {
            "overall": "Chưa hoàn thành",
            "completed": "Chưa hoàn thành chương trình lớp 3",
            "promoted": "Không được lên lớp",
        }
        assert rows[0]["proposed_overall"] == "Hoàn thành tốt"
        assert rows[0]["proposed_completion"] == "Hoàn thành chương trình lớp 3"
        assert rows[0]["proposed_title"] == "Có thể xét danh hiệu Học sinh Tiêu biểu"

    @pytest.mark.parametrize("school_year", ["2024-2025", "2020-2021"])
    def test_shows_a_pupil_of_whom_nothing_was_said(self, school_year: str) -> None:
        row = presenting.class_table(book(school_year))["rows"][1]

        assert (row["overall"], row["proposed_overall"], row["excused"]) == ("", "", None)
        assert set(row["traits"]) == {"–"}
        assert row["subjects"][0] == (None, None)


class TestSheetTable:
    def test_has_tests_only_where_the_grade_holds_them(self) -> None:
        first, second = (presenting.sheet_table(book(), "TOAN", term) for term in (1, 2))

        assert (first["has_middle_test"], first["has_end_test"]) == (False, True)
        assert (second["middle"], second["end"]) == ("Giữa học kì II", "Cuối năm học")
        assert not presenting.sheet_table(book(), "DAODUC", 1)["has_end_test"]

    def test_shows_levels_in_words(self) -> None:
        rows = presenting.sheet_table(book(), "TOAN", 2)["rows"]

        assert (rows[0]["end_level"], rows[0]["end_test"]) == ("Hoàn thành tốt", "8")
        assert (rows[1]["end_level"], rows[1]["end_test"]) == ("–", "–")
