"""From a sealed class record to transcripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hocba.documents import class_record_xml, transcript_xml
from hocba.documents.class_record import SubjectSheet
from hocba.documents.class_tree import ClassRecordTree
from hocba.documents.compile import (
    FORMS,
    Additions,
    InconsistentClassRecord,
    level_of,
    programme_of,
    transcripts_of,
)
from hocba.documents.transcript import Digest, LevelSeries, StudyYear
from tests.factories import documents

PARTICULARS = {personal_id: documents.pupil(personal_id) for personal_id in documents.NAMES}
FIRST, SECOND = documents.NAMES


def file_digest(value: Any) -> Digest:
    """The digest of the file of `value`, without signatures: all that the tree needs."""
    octets = class_record_xml.assemble(
        class_record_xml.kind_of(value), class_record_xml.data_xml(value), class_record_xml.Signatures()
    )
    return class_record_xml.file_digest(octets)


def tree(
    edit_sheet: Callable[[SubjectSheet], SubjectSheet] = lambda sheet: sheet,
    *,
    codes: tuple[tuple[str, int], ...] = (),
) -> ClassRecordTree:
    """A whole tree with true digests; `edit_sheet` changes sheets before they are signed."""
    keys = codes or tuple((code, term) for term in (1, 2) for code, _, _ in documents.SUBJECTS)
    sheets = {key: edit_sheet(documents.subject_sheet(*key)) for key in keys}
    sheet_files = {key: file_digest(sheet) for key, sheet in sheets.items()}
    terms = {
        term: documents.term_record(
            term, sheets=tuple((code, digest) for (code, of), digest in sheet_files.items() if of == term)
        )
        for term in (1, 2)
    }
    term_files = {term: file_digest(record) for term, record in terms.items()}
    year = documents.year_record(terms=tuple(term_files.items()))
    return ClassRecordTree(
        year=year,
        year_file=file_digest(year),
        terms=terms,
        term_files=term_files,
        sheets=sheets,
        sheet_files=sheet_files,
    )


def compiled(given: ClassRecordTree, **more: Any) -> list[Any]:
    return transcripts_of(
        given, PARTICULARS, ids=lambda personal_id: f"{documents.TRANSCRIPT_ID[:-12]}{personal_id}", **more
    )


def problems(given: ClassRecordTree, particulars: dict[str, Any] | None = None) -> str:
    with pytest.raises(InconsistentClassRecord) as caught:
        transcripts_of(given, PARTICULARS if particulars is None else particulars, ids=lambda personal_id: "")
    return "\n".join(caught.value.problems)


class TestTranscriptsOf:
    def test_makes_one_for_every_pupil_in_the_order_of_the_year(self) -> None:
        made = compiled(tree())

        assert [each.pupil for each in made] == list(PARTICULARS.values())
        assert [each.id[-12:] for each in made] == [FIRST, SECOND]

    def test_makes_values_that_can_be_written(self) -> None:
        for each in compiled(tree()):
            assert transcript_xml.read_record(transcript_xml.record_xml(each)) == each

    def test_takes_results_from_the_sheets_of_both_terms(self) -> None:
        subject = compiled(tree())[0].subjects[1]

        assert (subject.code, subject.name, subject.kind) == ("TOAN", "Toán", "score")
        assert (subject.term1, subject.term2, subject.year, subject.after_retest) == (
            "8.0",
            "8.6",
            "8.4",
            None,
        )

    def test_takes_levels_and_decisions_from_the_summaries(self) -> None:
        result = compiled(tree())[0].result

        assert result.learning == LevelSeries(term1="KHA", term2="TOT", year="TOT")
        assert result.conduct == LevelSeries(term1="TOT", term2="TOT", year="TOT")
        assert (result.promotion, result.title, result.absences_excused) == ("PROMOTED", "GIOI", 2)

    def test_names_the_digest_of_the_sealed_year_file(self) -> None:
        given = tree()

        assert {each.class_record for each in compiled(given)} == {given.year_file}

    def test_keeps_the_remark_of_the_second_term(self) -> None:
        assert compiled(tree())[0].subjects[0].remark == "Có tiến bộ ở học kì 2."

    def test_falls_back_to_the_remark_of_the_first_term(self) -> None:
        def without_remark(sheet: SubjectSheet) -> SubjectSheet:
            return (
                sheet
                if sheet.term == 1
                else replace(sheet, rows=tuple(replace(r, remark="") for r in sheet.rows))
            )

        assert compiled(tree(without_remark))[0].subjects[0].remark == "Có tiến bộ ở học kì 1."

    def test_names_everyone_who_taught_the_subject_once(self) -> None:
        def other_teacher(sheet: SubjectSheet) -> SubjectSheet:
            if (sheet.subject_code, sheet.term) != ("TOAN", 1):
                return sheet
            return replace(sheet, teachers=(*documents.teachers("NGUVAN"), *sheet.teachers))

        toan = compiled(tree(other_teacher))[0].subjects[1]

        assert [teacher.code for teacher in toan.teachers] == ["GV0006", "GV0008"]

    def test_takes_a_subject_that_was_taught_in_one_term_only(self) -> None:
        made = compiled(tree(codes=(("TOAN", 1), ("TOAN", 2), ("GDTC", 2))))[0]

        assert [(row.code, row.term1, row.term2) for row in made.subjects] == [
            ("TOAN", "8.0", "8.6"),
            ("GDTC", None, "D"),
        ]

    def test_adds_the_year_to_the_course_of_study_once(self) -> None:
        earlier = StudyYear(school_year="2023-2024", class_name="5A", school_name="TH Lê Lợi")

        first = compiled(tree(), additions={FIRST: Additions(course_of_study=(earlier,))})[0]
        again = compiled(tree(), additions={FIRST: Additions(course_of_study=first.course_of_study)})[0]

        assert [each.school_year for each in first.course_of_study] == ["2023-2024", "2024-2025"]
        assert first.course_of_study[1].place == "Phường Gò Vấp, TP. Hồ Chí Minh"
        assert again.course_of_study == first.course_of_study

    def test_says_what_is_given_beyond_the_class_record(self) -> None:
        more = Additions(
            version=2,
            previous=documents.digest("b"),
            replaces=documents.digest("c"),
            principal_remark="Đồng ý.",
        )
        first, second = compiled(tree(), additions={FIRST: more})

        assert (first.version, first.previous, first.replaces) == (2, more.previous, more.replaces)
        assert first.result.principal_remark == "Đồng ý."
        assert (second.version, second.previous) == (1, None)


class TestInconsistentClassRecord:
    def test_names_a_sheet_that_is_not_the_signed_one(self) -> None:
        given = tree()
        files = {**given.sheet_files, ("TOAN", 2): documents.digest("f")}

        assert "sổ môn TOAN học kì 2 không phải là tệp" in problems(replace(given, sheet_files=files))

    def test_names_a_term_that_is_not_the_signed_one(self) -> None:
        given = tree()

        assert "sổ học kì 1 không phải là tệp" in problems(
            replace(given, term_files={**given.term_files, 1: documents.digest("f")})
        )

    def test_names_a_missing_and_a_superfluous_sheet(self) -> None:
        given = tree()
        sheets = {key: sheet for key, sheet in given.sheets.items() if key != ("GDTC", 1)}
        sheets["NN1", 1] = documents.subject_sheet()

        found = problems(replace(given, sheets=sheets))

        assert "thiếu sổ môn GDTC học kì 1" in found
        assert "sổ môn NN1 học kì 1 không được sổ học kì nào nêu" in found
        assert "sổ môn NN1 học kì 1 lại ghi là môn TOAN học kì 1" in found

    def test_names_a_missing_term(self) -> None:
        given = tree()

        assert "thiếu sổ học kì 2" in problems(replace(given, terms={1: given.terms[1]}))

    def test_names_a_pupil_missing_in_a_sheet(self) -> None:
        given = tree(
            lambda sheet: (
                replace(sheet, rows=sheet.rows[:1])
                if (sheet.subject_code, sheet.term) == ("TOAN", 1)
                else sheet
            )
        )

        assert problems(given) == f"sổ môn TOAN học kì 1 thiếu học sinh Nguyễn Đức Nam ({SECOND})"

    def test_names_a_pupil_the_year_has_lost(self) -> None:
        given = tree()
        year = replace(given.year, rows=given.year.rows[:1])

        assert "sổ học kì 2 có học sinh Nguyễn Đức Nam" in problems(replace(given, year=year))

    def test_lets_a_pupil_go_who_left_after_the_first_term(self) -> None:
        def second_left(sheet: SubjectSheet) -> SubjectSheet:
            return replace(sheet, rows=sheet.rows[:1]) if sheet.term == 2 else sheet

        given = tree(second_left)
        term2 = replace(given.terms[2], rows=given.terms[2].rows[:1])
        year = replace(given.year, rows=given.year.rows[:1])

        assert len(compiled(replace(given, terms={1: given.terms[1], 2: term2}, year=year))) == 1

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"class_name": "6A2"}, "lớp là 6A2, sổ cả năm ghi 6A1"),
            ({"school_year": "2023-2024"}, "năm học là 2023-2024"),
            ({"grade": 7}, "khối là 7"),
            ({"school": replace(documents.SCHOOL, code="1")}, "trường là 1"),
            ({"regulation": "TT58-2011"}, "quy định đánh giá là TT58-2011"),
        ],
    )
    def test_names_a_sheet_of_another_class_or_year(self, change: dict[str, Any], words: str) -> None:
        given = tree(
            lambda sheet: (
                replace(sheet, identity=replace(sheet.identity, **change)) if sheet.term == 1 else sheet
            )
        )

        assert f"sổ môn NGUVAN học kì 1: {words}" in problems(given)

    def test_names_a_pupil_without_particulars_or_with_those_of_another(self) -> None:
        other = {FIRST: documents.pupil(FIRST, name="Trần Ngọc Dũng")}

        found = problems(tree(), other)

        assert f"lý lịch của {FIRST} là của Trần Ngọc Dũng" in found
        assert "thiếu lý lịch của học sinh Nguyễn Đức Nam" in found

    def test_names_a_pupil_whose_name_differs_between_documents(self) -> None:
        given = tree(
            lambda sheet: (
                replace(sheet, rows=(replace(sheet.rows[0], name="Trần Dung"), *sheet.rows[1:]))
                if (sheet.subject_code, sheet.term) == ("TOAN", 2)
                else sheet
            )
        )

        assert f"sổ môn TOAN học kì 2: học sinh {FIRST} tên là Trần Dung" in problems(given)

    def test_names_a_subject_whose_terms_disagree(self) -> None:
        given = tree(
            lambda sheet: (
                replace(sheet, subject_name="Đại số")
                if (sheet.subject_code, sheet.term) == ("TOAN", 2)
                else sheet
            )
        )

        assert "môn TOAN: tên hoặc hình thức đánh giá của hai học kì khác nhau" in problems(given)

    def test_names_a_regulation_without_a_form(self) -> None:
        given = tree()
        identity = replace(given.year.identity, grade=3)

        assert "chưa có mẫu học bạ cho TT22-2021 cấp TH" in problems(
            replace(given, year=replace(given.year, identity=identity))
        )

    def test_tells_all_problems_at_once(self) -> None:
        given = tree(lambda sheet: replace(sheet, rows=sheet.rows[:1]))

        assert problems(replace(given, year_file=documents.digest("0"))).count("\n") == len(given.sheets) - 1


class TestLevelOf:
    @pytest.mark.parametrize(
        ("grade", "level"), [(1, "TH"), (5, "TH"), (6, "THCS"), (9, "THCS"), (10, "THPT"), (12, "THPT")]
    )
    def test_follows_the_grade(self, grade: int, level: str) -> None:
        assert level_of(replace(documents.IDENTITY, grade=grade)) == level

    def test_is_that_of_the_school_in_continuing_education(self) -> None:
        assert level_of(replace(documents.IDENTITY, school=replace(documents.SCHOOL, level="GDTX"))) == "GDTX"


class TestProgrammeOf:
    @pytest.mark.parametrize(("grade", "form"), [(6, "TT43-THCS"), (9, "TT43-THCS"), (10, "TT43-THPT")])
    def test_leads_to_the_form_of_continuing_education(self, grade: int, form: str) -> None:
        centre = replace(documents.SCHOOL, level="GDTX")
        identity = replace(documents.IDENTITY, grade=grade, school=centre)
        assert FORMS["TT43-2021", programme_of(identity)] == form
        assert ("TT22-2021", programme_of(identity)) not in FORMS

    def test_is_the_level_in_schools(self) -> None:
        assert programme_of(replace(documents.IDENTITY, grade=12)) == "THPT"
