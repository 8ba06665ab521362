"""Who teaches what the assignments of tiểu học leave out."""

from __future__ import annotations

from dataclasses import replace

from hocba.documents.workbooks.homeroom_teaching import implied_assignments
from tests.factories import primary_school, small_school

DATA = primary_school.data()


class TestImpliedAssignments:
    def test_are_the_homeroom_teachers_for_every_subject_nobody_is_named_for(self) -> None:
        found = implied_assignments(DATA)

        assert {row.subject_code for row in found} == set(primary_school.SUBJECTS) - set(
            primary_school.TEACHERS
        )
        assert {row.staff_code for row in found} == {primary_school.HOMEROOM}
        assert {row.term for row in found} == {1, 2}

    def test_fill_a_single_term(self) -> None:
        first_term = tuple(row for row in DATA.assignments if row.term == 1)

        found = implied_assignments(replace(DATA, assignments=first_term))

        assert ("GDTC", 2) in {(row.subject_code, row.term) for row in found}
        assert ("GDTC", 1) not in {(row.subject_code, row.term) for row in found}

    def test_include_a_subject_of_choice_only_where_the_class_has_results(self) -> None:
        first_grade = replace(
            DATA,
            homerooms=(replace(DATA.homerooms[0], class_name="1A"),),
            primary=tuple(replace(row, class_name="1A") for row in DATA.primary),
        )

        assert "NN1" in {row.subject_code for row in implied_assignments(first_grade)}
        assert "NN1" not in {
            row.subject_code for row in implied_assignments(replace(first_grade, primary=()))
        }

    def test_are_none_in_other_levels(self) -> None:
        assert implied_assignments(small_school.data()) == ()
