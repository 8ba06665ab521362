"""Class records in which pupils have chosen subjects: upper secondary school."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hocba.documents import class_tree
from hocba.documents.class_record import SubjectSheet
from hocba.documents.class_tree import ClassRecordTree
from hocba.documents.compile import transcripts_of
from hocba.documents.transcript import Digest
from tests.factories import documents
from tests.unit.documents.test_compile import file_digest

FIRST, SECOND = documents.NAMES
TOAN = "TOAN"
CHOSEN = {
    "VATLI": {FIRST, SECOND},
    "HOAHOC": {FIRST, SECOND},
    "DIALI": {FIRST, SECOND},
    "TINHOC": {FIRST},
    "AMNHAC": {SECOND},
}
PARTICULARS = {personal_id: documents.pupil(personal_id) for personal_id in documents.NAMES}
IDENTITY = {
    "school": replace(documents.SCHOOL, level="THPT"),
    "grade": 10,
    "class_name": "10A2",
}

Edit = Callable[[SubjectSheet], SubjectSheet]


def upper(value: Any, **changes: Any) -> Any:
    return replace(value, identity=replace(value.identity, **{**IDENTITY, **changes}))


def sheet(code: str, term: int, **identity: Any) -> SubjectSheet:
    whole = upper(documents.subject_sheet(TOAN, term), **identity)
    takers = CHOSEN.get(code, {FIRST, SECOND})
    rows = tuple(row for row in whole.rows if row.personal_id in takers)
    return replace(whole, subject_code=code, subject_name=code.title(), rows=rows)


def tree(edit: Edit = lambda sheet: sheet, **identity: Any) -> ClassRecordTree:
    """The whole tree of a class of grade 10 with true digests; `edit` changes sheets before they are signed."""
    sheets = {
        (code, term): edit(sheet(code, term, **identity)) for term in (1, 2) for code in (TOAN, *CHOSEN)
    }
    files = {key: file_digest(each) for key, each in sheets.items()}
    terms = {term: upper(_term(term, files), **identity) for term in (1, 2)}
    term_files = {term: file_digest(record) for term, record in terms.items()}
    year = upper(documents.year_record(terms=tuple(term_files.items())), **identity)
    return ClassRecordTree(
        year=year,
        year_file=file_digest(year),
        terms=terms,
        term_files=term_files,
        sheets=sheets,
        sheet_files=files,
    )


def _term(term: int, files: dict[tuple[str, int], Digest]) -> Any:
    return documents.term_record(
        term, sheets=tuple((code, digest) for (code, of), digest in files.items() if of == term)
    )


def without(personal_id: str, *keys: tuple[str, int]) -> Edit:
    def edit(each: SubjectSheet) -> SubjectSheet:
        if (each.subject_code, each.term) not in keys:
            return each
        return replace(each, rows=tuple(row for row in each.rows if row.personal_id != personal_id))

    return edit


def with_everybody(*keys: tuple[str, int]) -> Edit:
    def edit(each: SubjectSheet) -> SubjectSheet:
        if (each.subject_code, each.term) not in keys:
            return each
        return replace(each, rows=upper(documents.subject_sheet(TOAN, each.term)).rows)

    return edit


problems = class_tree.problems_of


class TestParticularsProblems:
    def test_are_none_when_everybody_has_own_particulars(self) -> None:
        assert class_tree.particulars_problems(tree(), PARTICULARS) == []

    def test_name_who_has_none_and_who_has_those_of_another(self) -> None:
        given = {FIRST: PARTICULARS[SECOND]}

        assert class_tree.particulars_problems(tree(), given) == [
            f"lý lịch của {FIRST} là của Nguyễn Đức Nam, sổ cả năm ghi Trần Ngọc Dung",
            f"thiếu lý lịch của học sinh Nguyễn Đức Nam ({SECOND})",
        ]


class TestProblemsOf:
    def test_are_none_when_everybody_is_on_the_sheets_of_own_subjects(self) -> None:
        assert problems(tree()) == []

    def test_name_a_pupil_missing_from_a_sheet_of_everybody(self) -> None:
        assert problems(tree(without(SECOND, (TOAN, 2)))) == [
            f"sổ môn TOAN học kì 2 thiếu học sinh Nguyễn Đức Nam ({SECOND})"
        ]

    def test_name_a_pupil_who_is_in_one_term_of_a_chosen_subject_only(self) -> None:
        assert problems(tree(without(FIRST, ("DIALI", 2)))) == [
            f"học sinh Trần Ngọc Dung ({FIRST}) có trong sổ môn DIALI học kì 1 mà không có trong sổ học kì 2"
        ]

    def test_name_a_pupil_who_comes_into_a_chosen_subject_in_the_second_term(self) -> None:
        (found,) = problems(tree(without(FIRST, ("DIALI", 1))))
        assert found.endswith("có trong sổ môn DIALI học kì 2 mà không có trong sổ học kì 1")

    def test_name_a_pupil_with_too_few_chosen_subjects(self) -> None:
        assert problems(tree(without(FIRST, ("DIALI", 1), ("DIALI", 2)))) == [
            f"học sinh Trần Ngọc Dung ({FIRST}): Cần chọn đúng 4 môn học lựa chọn, đang có 3 môn."
        ]

    def test_name_a_pupil_with_too_many_chosen_subjects(self) -> None:
        (found,) = problems(tree(with_everybody(("AMNHAC", 1), ("AMNHAC", 2))))
        assert found == f"học sinh Trần Ngọc Dung ({FIRST}): Cần chọn đúng 4 môn học lựa chọn, đang có 5 môn."

    def test_name_a_stranger_on_the_sheet_of_a_chosen_subject(self) -> None:
        whole = tree()
        year = replace(whole.year, rows=whole.year.rows[:1])
        found = "\n".join(problems(replace(whole, year=year)))
        assert "sổ môn AMNHAC học kì 2 có học sinh Nguyễn Đức Nam" in found

    def test_name_another_name_on_the_sheet_of_a_chosen_subject(self) -> None:
        def renamed(each: SubjectSheet) -> SubjectSheet:
            if each.subject_code != "TINHOC":
                return each
            return replace(each, rows=tuple(replace(row, name="Trần Ngọc Dũng") for row in each.rows))

        assert len(problems(tree(renamed))) == 2

    def test_want_everybody_everywhere_where_the_programme_is_unknown(self) -> None:
        found = problems(tree(school=replace(documents.SCHOOL, level="GDTX")))
        assert f"sổ môn TINHOC học kì 1 thiếu học sinh Nguyễn Đức Nam ({SECOND})" in found


class TestLevelOfTheSchool:
    @pytest.mark.parametrize("level", ["THPT", "THCS-THPT", "TH-THCS-THPT"])
    def test_may_be_one_of_several(self, level: str) -> None:
        assert problems(tree(school=replace(documents.SCHOOL, level=level))) == []

    @pytest.mark.parametrize("level", ["TH", "THCS", "TH-THCS"])
    def test_has_to_have_the_grade(self, level: str) -> None:
        found = problems(tree(school=replace(documents.SCHOOL, level=level)))

        assert found == [f"trường cấp {level} không có lớp khối 10"]

    @pytest.mark.parametrize(("grade", "fits"), [(5, False), (6, True), (12, True), (13, False)])
    def test_of_continuing_education_is_that_of_lower_and_upper_secondary(
        self, grade: int, fits: bool
    ) -> None:
        assert class_tree.has_grade("GDTX", grade) is fits


class TestTranscripts:
    def test_have_only_the_subjects_of_the_pupil(self) -> None:
        made = transcripts_of(tree(), PARTICULARS, ids=lambda personal_id: personal_id)
        assert [[row.code for row in each.subjects] for each in made] == [
            ["TOAN", "VATLI", "HOAHOC", "DIALI", "TINHOC"],
            ["TOAN", "VATLI", "HOAHOC", "DIALI", "AMNHAC"],
        ]
        assert {(each.form, each.level) for each in made} == {("TT22-THPT", "THPT")}
