"""From a sealed class record of tiểu học to transcripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hocba.documents import class_record_xml, transcript_xml
from hocba.documents.class_tree import ClassRecordTree
from hocba.documents.compile import InconsistentClassRecord, transcripts_of
from hocba.documents.primary import PrimarySubjectSheet, PrimaryYearResult
from tests.factories import documents, primary

PARTICULARS = {personal_id: primary.pupil(personal_id) for personal_id in primary.NAMES}


def file_digest(value: Any) -> Any:
    return class_record_xml.file_digest(
        class_record_xml.assemble(
            class_record_xml.kind_of(value), class_record_xml.data_xml(value), class_record_xml.Signatures()
        )
    )


def tree(
    edit_sheet: Callable[[PrimarySubjectSheet], PrimarySubjectSheet] = lambda sheet: sheet,
) -> ClassRecordTree:
    keys = [(code, term) for term in (1, 2) for code, *_ in primary.SUBJECTS]
    sheets = {key: edit_sheet(primary.subject_sheet(*key)) for key in keys}
    sheet_files = {key: file_digest(sheet) for key, sheet in sheets.items()}
    terms = {
        term: primary.term_record(
            term, sheets=tuple((code, digest) for (code, of), digest in sheet_files.items() if of == term)
        )
        for term in (1, 2)
    }
    term_files = {term: file_digest(record) for term, record in terms.items()}
    year = primary.year_record(terms=tuple(term_files.items()))
    return ClassRecordTree(
        year=year,
        year_file=file_digest(year),
        terms=terms,
        term_files=term_files,
        sheets=sheets,
        sheet_files=sheet_files,
    )


def compiled(given: ClassRecordTree) -> list[Any]:
    return transcripts_of(
        given, PARTICULARS, ids=lambda personal_id: f"{documents.TRANSCRIPT_ID[:-12]}{personal_id}"
    )


def problems(given: ClassRecordTree) -> str:
    with pytest.raises(InconsistentClassRecord) as caught:
        compiled(given)
    return "\n".join(caught.value.problems)


class TestTranscriptsOf:
    def test_makes_values_that_can_be_written_for_every_pupil(self) -> None:
        made = compiled(tree())

        assert [each.pupil for each in made] == list(PARTICULARS.values())
        for each in made:
            assert transcript_xml.read_record(transcript_xml.record_xml(each)) == each

    def test_takes_the_year_end_of_each_subject(self) -> None:
        toan, gdtc = compiled(tree())[0].subjects[1], compiled(tree())[0].subjects[3]

        assert (toan.code, toan.level, toan.test, toan.remark) == (
            "TOAN",
            "T",
            "10",
            "Có tiến bộ ở học kì 2.",
        )
        assert (gdtc.level, gdtc.test) == ("T", None)
        assert [teacher.code for teacher in toan.teachers] == ["GV0001"]

    def test_names_qualities_and_competences_as_the_form_groups_them(self) -> None:
        traits = compiled(tree())[0].traits

        assert [(row.group, row.name) for row in traits[:1]] == [("QUALITY", "Yêu nước")]
        assert [row.code for row in traits] == list(primary.TRAITS)
        assert {row.level for row in traits} == {"T"}

    def test_takes_decisions_from_the_year_record_and_decides_nothing(self) -> None:
        results = [each.result for each in compiled(tree())]

        assert results[1] == PrimaryYearResult(
            overall="CHUA_HOAN_THANH",
            completed=False,
            promoted=True,
            absences_excused=2,
            absences_unexcused=1,
            homeroom_remark="Ngoan, lễ phép.",
        )

    def test_names_the_regulation_and_form(self) -> None:
        made = compiled(tree())[0]

        assert (made.regulation, made.form, made.level) == ("TT27-2020", "TT27-TH", "TH")


class TestProblems:
    def test_name_a_pupil_missing_in_a_sheet(self) -> None:
        given = tree(lambda sheet: replace(sheet, rows=sheet.rows[:1]) if sheet.term == 1 else sheet)

        assert "sổ môn TOAN học kì 1 thiếu học sinh Nguyễn Đức Nam" in problems(given)

    def test_name_a_sheet_of_another_level(self) -> None:
        given = tree()
        sheets = {**given.sheets, ("TOAN", 1): documents.subject_sheet()}

        assert "sổ môn TOAN học kì 1 không cùng cấp học với sổ cả năm" in problems(
            replace(given, sheets=sheets)
        )

    def test_name_a_year_on_the_form_of_another_level(self) -> None:
        given = tree()
        identity = replace(primary.IDENTITY, regulation="TT27-2020")
        year = documents.year_record(identity=identity, terms=given.year.terms)

        found = problems(replace(given, year=year))

        assert "sổ lớp không theo biểu mẫu của cấp TH" in found
        assert "sổ học kì 1 không cùng cấp học với sổ cả năm" in found

    def test_name_competences_that_the_grade_does_not_have(self) -> None:
        given = tree()
        rows = tuple(replace(row, traits=row.traits[:-1]) for row in given.terms[2].rows)

        found = problems(replace(given, terms={**given.terms, 2: replace(given.terms[2], rows=rows)}))

        assert f"năng lực của học sinh {primary.FIRST} không đúng của khối lớp (THECHAT)" in found
