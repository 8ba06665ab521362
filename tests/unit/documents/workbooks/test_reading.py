"""Reading a school: every flaw is reported once, at its place, and nothing else is."""

from __future__ import annotations

import datetime
import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from hocba.documents.people import Relative, Sex
from hocba.documents.workbooks.flaws import FLAWS
from hocba.documents.workbooks.reading import read_school
from tests.unit.documents.workbooks.small_school import (
    MARKS,
    PUPILS,
    STAFF,
    SUMMARY,
    TEACHING,
    SmallSchool,
    save,
)

REPOSITORY = Path(__file__).parents[4]
VECTORS = REPOSITORY / "tests" / "vectors"


def _folder(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


class TestSamples:
    def test_clean_school_has_no_problem(self) -> None:
        reading = read_school(_folder(REPOSITORY / "sample" / "thcs"))
        assert reading.problems == ()
        counts = reading.counts
        assert (counts.pupils, counts.staff, counts.classes, counts.marks) == (239, 29, 6, 27964)
        assert reading.data is not None
        assert len(reading.data.marks) == 239 * 24
        assert len(reading.data.assignments) == 144
        assert len(reading.data.homerooms) == 6
        assert len(reading.data.summaries) == 239

    def test_flawed_school_has_exactly_the_flaws_listed_by_another_reader(self) -> None:
        reading = read_school(_folder(VECTORS / "flawed-school"))
        expected = json.loads((VECTORS / "flawed-school.expected.json").read_text("utf-8"))
        found = Counter((p.file, p.sheet, p.row, p.column, p.code) for p in reading.problems)
        assert found == Counter((f["file"], f["sheet"], f["row"], f["column"], f["code"]) for f in expected)
        assert max(found.values()) == 1

    def test_flawed_school_is_read_whole_nevertheless(self) -> None:
        reading = read_school(_folder(VECTORS / "flawed-school"))
        assert reading.data is not None
        assert len(reading.data.pupils) == 79
        assert len(reading.data.marks) == 79 * 24
        assert all(len(row.regular) >= 2 and None not in row.regular for row in reading.data.marks)
        assert all(unicodedata.is_normalized("NFC", row.name) for row in reading.data.marks)
        assert [p.personal_id for p in reading.data.pupils].count(None) == 3


class TestValues:
    def test_say_what_the_rows_say(self) -> None:
        reading = SmallSchool().read()
        assert reading.problems == ()
        data = reading.data
        assert data is not None
        assert (data.school.code, data.school.name, data.school.school_year) == (
            "79764501",
            "Trường THCS Hoa Phượng",
            "2024-2025",
        )
        pupil = data.pupils[0]
        assert (pupil.code, pupil.personal_id, pupil.birth_date) == (
            "7924000001",
            "079313000001",
            "2013-07-11",
        )
        assert (pupil.sex, pupil.class_name, pupil.status_date) == (Sex.FEMALE, "6A1", "2024-09-05")
        assert pupil.father == Relative(name="Trần Văn Cha", occupation="Công nhân")
        assert (pupil.source.file, pupil.source.sheet, pupil.source.row) == (PUPILS, "Sheet1", 5)
        assert data.staff[1].subject_code == "NGUVAN"
        assert (data.staff[0].position, data.staff[0].post) == ("Cán bộ quản lý", "Hiệu trưởng")
        first = data.marks[0]
        assert (first.subject_code, first.term, first.regular, first.final) == (
            "NGUVAN",
            1,
            ("8.5",) * 4,
            "8.5",
        )
        comment = next(row for row in data.marks if row.subject_code == "GDTC")
        assert (comment.regular, comment.midterm) == (("D", "D"), "D")
        summary = data.summaries[0]
        assert (summary.conduct_term1, summary.conduct_term2) == ("TOT", "KHA")
        assert (summary.absences_excused, summary.absences_unexcused) == (1, 0)


NFD_NAME = unicodedata.normalize("NFD", "Nguyễn Đức Nam")
SHEET = "TOAN_HK1"
IDS = "Số định danh cá nhân"

# file, sheet, row, column, value -> the one problem at that cell
ONE_CELL: list[tuple[str, str, int, str, Any, str]] = [
    # writing, normalised
    (PUPILS, "Sheet1", 6, "Họ tên", NFD_NAME, "text_not_nfc"),
    (PUPILS, "Sheet1", 6, "Họ tên", " Nguyễn  Đức Nam", "stray_blanks"),
    (PUPILS, "Sheet1", 6, "Họ tên", "Nguyễn\u00a0Đức Nam", "stray_blanks"),
    (PUPILS, "Sheet1", 6, "Họ tên", "Nguyễn \u00d0ức Nam", "lookalike_letter"),
    (PUPILS, "Sheet1", 6, "Ngày sinh", 41467, "date_serial"),
    (PUPILS, "Sheet1", 6, "Ngày sinh", "41467", "date_serial"),
    (PUPILS, "Sheet1", 6, "Ngày sinh", datetime.date(2013, 7, 12), "date_cell"),
    (MARKS, SHEET, 5, "ĐĐGtx2", "8,5", "decimal_comma"),
    (MARKS, SHEET, 5, "ĐĐGgk", " 8.5", "stray_blanks"),
    (MARKS, SHEET, 5, "Họ và tên", NFD_NAME, "text_not_nfc"),
    (MARKS, SHEET, 5, "Ngày sinh", 41467, "date_serial"),
    (MARKS, "GDTC_HK1", 5, "TX1", "\u00d0", "lookalike_letter"),
    (MARKS, "GDTC_HK1", 5, "TX1", "CD", "lookalike_letter"),
    (SUMMARY, "TongHop", 5, "Nhận xét của GVCN", "Ngoan.\nChăm.", "stray_blanks"),
    # people, blocking
    (PUPILS, "Sheet1", 6, IDS, 79213000002, "personal_id_lost_zero"),
    (PUPILS, "Sheet1", 6, IDS, "79213000002", "personal_id_lost_zero"),
    (PUPILS, "Sheet1", 6, IDS, 1213000002, "personal_id_lost_zero"),
    (PUPILS, "Sheet1", 6, IDS, None, "personal_id_missing"),
    (PUPILS, "Sheet1", 6, IDS, "07921300000", "personal_id_malformed"),
    (PUPILS, "Sheet1", 6, IDS, "07921300000O", "personal_id_malformed"),
    (PUPILS, "Sheet1", 7, IDS, "079313000001", "personal_id_duplicate"),
    (STAFF, "Sheet1", 6, IDS, "79186000002", "personal_id_lost_zero"),
    (STAFF, "Sheet1", 6, IDS, None, "personal_id_missing"),
    (PUPILS, "Sheet1", 6, "Ngày sinh", "31/02/2013", "date_invalid"),
    (PUPILS, "Sheet1", 6, "Ngày sinh", "07/16/2013", "date_invalid"),
    (PUPILS, "Sheet1", 6, "Ngày sinh", "12/07/13", "date_invalid"),
    (PUPILS, "Sheet1", 6, "Ngày sinh", None, "value_missing"),
    (PUPILS, "Sheet1", 6, "Giới tính", "x", "sex_unknown"),
    (PUPILS, "Sheet1", 6, "Giới tính", None, "value_missing"),
    (PUPILS, "Sheet1", 6, "Họ tên", "@SUM(A1)", "formula_text"),
    (PUPILS, "Sheet1", 6, "Họ tên", "=1+1", "cell_error"),
    (MARKS, SHEET, 5, "ĐĐGtx2", "=8+1", "cell_error"),
    (PUPILS, "Sheet1", 6, "Nơi sinh", "a" * 500, "text_too_long"),
    # people, warnings
    (PUPILS, "Sheet1", 6, IDS, "079313000002", "personal_id_sex"),
    (PUPILS, "Sheet1", 6, IDS, "079214000002", "personal_id_birth_year"),
    (PUPILS, "Sheet1", 6, IDS, "079013000002", "personal_id_century"),
    (PUPILS, "Sheet1", 6, IDS, "099213000002", "personal_id_province"),
    (PUPILS, "Sheet1", 6, "Dân tộc", "Hobbit", "ethnic_group_unknown"),
    (PUPILS, "Sheet1", 6, "Trạng thái HS", "Đang chơi", "status_unknown"),
    (PUPILS, "Sheet1", 6, "Số điện thoại", 900000002, "phone_malformed"),
    (STAFF, "Sheet1", 6, "Email", "gv2 truong", "email_malformed"),
    (STAFF, "Sheet1", 6, "Vị trí việc làm", "Bảo vệ", "position_unknown"),
    (STAFF, "Sheet1", 6, "Môn dạy", "Bơi lội nâng cao", "subject_unknown"),
    # teaching
    (TEACHING, "PhanCong", 3, "Lớp", "6A9", "class_unknown"),
    (TEACHING, "PhanCong", 3, "Môn học", "Ngữ vănn", "subject_unknown"),
    (TEACHING, "PhanCong", 3, "Học kì", 3, "term_unknown"),
    (TEACHING, "PhanCong", 3, "Mã định danh GV", "GV0009", "staff_unknown"),
    (TEACHING, "PhanCong", 3, "Họ tên GV", "Dương Hữu An", "staff_name_mismatch"),
    (TEACHING, "PhanCong", 3, "Mã định danh GV", None, "code_missing"),
    (TEACHING, "ChuNhiem", 3, "Mã định danh GV", "GV0009", "staff_unknown"),
    (TEACHING, "ChuNhiem", 3, "Họ tên GVCN", "Hồ Công Trí", "staff_name_mismatch"),
    (TEACHING, "ChuNhiem", 3, "Lớp", "6A9", "class_unknown"),
    # marks
    (MARKS, SHEET, 5, "ĐĐGtx2", 85, "mark_out_of_range"),
    (MARKS, SHEET, 5, "ĐĐGtx2", -1, "mark_out_of_range"),
    (MARKS, SHEET, 5, "ĐĐGtx2", 8.25, "mark_decimals"),
    (MARKS, SHEET, 5, "ĐĐGtx2", "tám", "mark_not_a_mark"),
    (MARKS, SHEET, 5, "ĐĐGtx2", datetime.date(2024, 5, 8), "mark_not_a_mark"),
    (MARKS, SHEET, 5, "ĐĐGtx2", True, "mark_not_a_mark"),
    (MARKS, SHEET, 5, "ĐĐGtx2", "Đ", "mark_kind"),
    (MARKS, "GDTC_HK1", 5, "GK", 8, "mark_kind"),
    (MARKS, "GDTC_HK1", 5, "GK", "8,0", "mark_kind"),
    (MARKS, "GDTC_HK1", 5, "GK", "tốt", "mark_not_a_mark"),
    (MARKS, SHEET, 5, "ĐĐGtx2", None, "mark_missing"),
    (MARKS, SHEET, 5, "ĐĐGck", None, "mark_missing"),
    (MARKS, SHEET, 5, "Mã HS", "7999999999", "pupil_unknown"),
    (MARKS, SHEET, 5, "Mã HS", None, "code_missing"),
    (MARKS, SHEET, 5, "Họ và tên", "Nguyễn Đức Năm", "name_mismatch"),
    (MARKS, SHEET, 5, "Ngày sinh", "13/07/2013", "birth_date_mismatch"),
    # summary
    (SUMMARY, "TongHop", 5, "Rèn luyện HK I", "Xuất sắc", "conduct_unknown"),
    (SUMMARY, "TongHop", 5, "Rèn luyện HK I", None, "conduct_missing"),
    (SUMMARY, "TongHop", 5, "Nghỉ có phép", -1, "absences_invalid"),
    (SUMMARY, "TongHop", 5, "Nghỉ có phép", 1.5, "absences_invalid"),
    (SUMMARY, "TongHop", 5, "Nghỉ có phép", "hai", "absences_invalid"),
    (SUMMARY, "TongHop", 5, "Nghỉ có phép", 999, "absences_invalid"),
    (SUMMARY, "TongHop", 5, "Nghỉ có phép", None, "absences_missing"),
    (SUMMARY, "TongHop", 5, "Mã HS", "7999999999", "pupil_unknown"),
]


class TestOneFlaw:
    @pytest.mark.parametrize(("file", "sheet", "row", "column", "value", "code"), ONE_CELL)
    def test_is_reported_once_and_alone(
        self, file: str, sheet: str, row: int, column: str, value: Any, code: str
    ) -> None:
        school = SmallSchool()
        school.put(file, sheet, row, column, value)
        assert school.problems() == [(file, sheet, row, column, code)]

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("Ngày sinh", "2013"),
            ("Ngày sinh", 2013),
            ("Ngày sinh", "07/2013"),
            ("Ngày sinh", "12-7-2013"),
            ("Dân tộc", "Khmer"),
            ("Trạng thái HS", "đang học"),
            ("Loại khuyết tật", "Khiếm thính"),
        ],
    )
    def test_is_none_where_the_writing_is_merely_different(self, column: str, value: Any) -> None:
        school = SmallSchool()
        school.put(PUPILS, "Sheet1", 6, column, value)
        found = [problem for problem in school.problems() if problem[4] != "birth_date_mismatch"]
        assert found == []

    def test_two_flaws_of_one_cell_are_two_problems(self) -> None:
        school = SmallSchool()
        school.put(MARKS, SHEET, 5, "ĐĐGtx2", " 8,25 ")
        place = (MARKS, SHEET, 5, "ĐĐGtx2")
        assert school.problems() == [
            (*place, "stray_blanks"),
            (*place, "decimal_comma"),
            (*place, "mark_decimals"),
        ]

    def test_does_not_stop_the_other_rows(self) -> None:
        school = SmallSchool()
        for row in (5, 6, 7):
            school.put(PUPILS, "Sheet1", row, IDS, "x")
            school.put(MARKS, SHEET, row - 1, "ĐĐGtx1", "x")
        codes = Counter(problem[4] for problem in school.problems())
        assert codes == {"personal_id_malformed": 3, "mark_not_a_mark": 3}

    def test_keeps_the_value_as_found_and_the_header_with_single_blanks(self) -> None:
        school = SmallSchool()
        header = school.header(PUPILS, "Sheet1")
        header[header.index(IDS)] = "Số  định danh\ncá nhân "
        school.put(PUPILS, "Sheet1", 6, "Số  định danh\ncá nhân ", 79213000002)
        (problem,) = school.read().problems
        assert (problem.column, problem.value) == (IDS, "79213000002")
        assert problem.blocking
        assert "Hãy" in problem.message

    def test_never_repairs_a_lost_zero(self) -> None:
        school = SmallSchool()
        school.put(PUPILS, "Sheet1", 6, IDS, 79213000002)
        data = school.read().data
        assert data is not None
        assert data.pupils[1].personal_id is None


class TestPupils:
    def test_foreign_pupil_needs_no_personal_id(self) -> None:
        school = SmallSchool()
        school.put(PUPILS, "Sheet1", 6, IDS, None)
        school.put(PUPILS, "Sheet1", 6, "Quốc tịch", "Hàn Quốc")
        assert school.problems() == []

    def test_repeated_code_is_reported_at_the_later_row(self) -> None:
        school = SmallSchool()
        school.grids[PUPILS]["Sheet1"].append(list(school.grids[PUPILS]["Sheet1"][5]))
        school.put(PUPILS, "Sheet1", 8, IDS, "079213000009")
        assert school.problems() == [(PUPILS, "Sheet1", 8, "Mã học sinh", "code_duplicate")]

    def test_personal_id_of_a_teacher_is_pointed_out(self) -> None:
        school = SmallSchool()
        school.put(STAFF, "Sheet1", 7, IDS, "079213000002")
        codes = [problem[4] for problem in school.problems()]
        assert codes == ["personal_id_century", "personal_id_birth_year", "personal_id_of_staff"]

    @pytest.mark.parametrize(("year", "id_year"), [("2009", "09"), ("2015", "15")])
    def test_unusual_age_is_pointed_out(self, year: str, id_year: str) -> None:
        school = SmallSchool()
        school.put(PUPILS, "Sheet1", 6, "Ngày sinh", f"12/07/{year}")
        school.put(PUPILS, "Sheet1", 6, IDS, f"0792{id_year}000002")
        found = [problem for problem in school.problems() if problem[4] != "birth_date_mismatch"]
        assert found == [(PUPILS, "Sheet1", 6, "Ngày sinh", "age_unusual")]

    def test_who_left_need_not_be_in_the_mark_books(self) -> None:
        school = SmallSchool()
        school.put(PUPILS, "Sheet1", 6, "Trạng thái HS", "Chuyển đi")
        for sheet in school.grids[MARKS].values():
            del sheet[4]
        del school.grids[SUMMARY]["TongHop"][4]
        assert school.problems() == []

    def test_numeric_code_is_the_same_pupil(self) -> None:
        school = SmallSchool()
        school.put(MARKS, SHEET, 5, "Mã HS", 7924000002)
        assert school.problems() == []

    def test_code_that_lost_its_zero_is_recognised(self) -> None:
        school = SmallSchool()
        for file, sheets in school.grids.items():
            for grid in sheets.values():
                for row in grid:
                    for place, cell in enumerate(row):
                        if file != STAFF and isinstance(cell, str) and cell.startswith("7924"):
                            row[place] = f"0{cell}"
        school.put(MARKS, SHEET, 5, "Mã HS", 7924000002)
        assert school.problems() == [(MARKS, SHEET, 5, "Mã HS", "pupil_code_lost_zero")]


class TestMarkBooks:
    def test_pupil_missing_from_the_own_class_is_reported(self) -> None:
        school = SmallSchool()
        del school.grids[MARKS][SHEET][4]
        (problem,) = school.read().problems
        assert (problem.code, problem.row, problem.column, problem.value) == (
            "pupil_missing",
            None,
            "Mã HS",
            "7924000002",
        )

    def test_pupil_twice_in_a_sheet_is_reported_at_the_later_row(self) -> None:
        school = SmallSchool()
        school.grids[MARKS][SHEET].append(list(school.grids[MARKS][SHEET][4]))
        assert school.problems() == [(MARKS, SHEET, 7, "Mã HS", "pupil_repeated")]

    def test_column_without_any_mark_is_one_problem(self) -> None:
        school = SmallSchool()
        for row in (4, 5, 6):
            school.put(MARKS, SHEET, row, "ĐĐGck", None)
        assert school.problems() == [(MARKS, SHEET, None, "ĐĐGck", "mark_column_empty")]

    def test_too_few_columns_of_regular_marks_are_one_problem(self) -> None:
        school = SmallSchool()
        school.drop_column(MARKS, SHEET, "ĐĐGtx4")
        assert school.problems() == [(MARKS, SHEET, None, None, "regular_marks_few")]

    def test_regular_marks_beyond_the_required_number_may_be_empty(self) -> None:
        school = SmallSchool()
        for row in school.grids[MARKS]["GDCD_HK1"][2:]:
            row.insert(6, "ĐĐGtx3" if row[0] == "TT" else None)
        assert school.problems() == []

    @pytest.mark.parametrize(
        "title",
        [
            "SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH - LỚP 6A1 - MÔN NGỮ VĂN - HỌC KÌ I",
            "SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH - LỚP 6A1 - MÔN TOÁN - HỌC KÌ II",
            "SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH - LỚP 6A2 - MÔN TOÁN - HỌC KÌ I",
            "SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH - LỚP 6A1 - MÔN TOÁN - HỌC KÌ I - NĂM HỌC 2023-2024",
        ],
    )
    def test_title_that_contradicts_is_one_problem(self, title: str) -> None:
        school = SmallSchool()
        school.grids[MARKS][SHEET][1] = [title]
        assert school.problems() == [(MARKS, SHEET, None, None, "title_mismatch")]

    def test_sheet_of_another_school_is_reported(self) -> None:
        school = SmallSchool()
        school.grids[MARKS][SHEET][0] = ["TRƯỜNG THCS HOA SEN"]
        assert school.problems() == [(MARKS, SHEET, None, None, "title_mismatch")]

    def test_unknown_subject_does_not_also_count_as_a_missing_sheet(self) -> None:
        school = SmallSchool()
        sheets = school.grids[MARKS]
        school.grids[MARKS] = {("XYZ_HK1" if name == SHEET else name): grid for name, grid in sheets.items()}
        school.grids[MARKS]["XYZ_HK1"][1] = ["SỔ ĐIỂM - LỚP 6A1 - MÔN XYZ - HỌC KÌ I"]
        assert school.problems() == [(MARKS, "XYZ_HK1", None, None, "subject_unknown")]

    def test_same_sheet_twice_is_reported(self) -> None:
        school = SmallSchool()
        school.grids[MARKS]["TOÁN HK1"] = school.grids[MARKS][SHEET]
        assert school.problems() == [(MARKS, "TOÁN HK1", None, None, "sheet_repeated")]

    def test_pupil_of_another_class_is_reported(self) -> None:
        school = SmallSchool()
        school.put(PUPILS, "Sheet1", 6, "Mã lớp", "6A2")
        codes = Counter(problem[4] for problem in school.problems())
        assert codes["pupil_other_class"] == 25
        assert codes["pupil_missing"] == 0


class TestCoverage:
    @pytest.mark.parametrize("file", [STAFF, TEACHING, MARKS, SUMMARY])
    def test_missing_file_is_one_problem(self, file: str) -> None:
        school = SmallSchool()
        del school.grids[file]
        assert school.problems() == [(file, "", None, None, "file_missing")]

    def test_missing_list_of_pupils_is_one_problem_and_leaves_no_data(self) -> None:
        school = SmallSchool()
        del school.grids[PUPILS]
        assert school.problems() == [(PUPILS, "", None, None, "file_missing")]
        assert school.read().data is None

    def test_missing_sheet_is_one_problem(self) -> None:
        school = SmallSchool()
        del school.grids[MARKS][SHEET]
        assert school.problems() == [(MARKS, SHEET, None, None, "sheet_missing")]

    def test_missing_homeroom_sheet_is_one_problem(self) -> None:
        school = SmallSchool()
        del school.grids[TEACHING]["ChuNhiem"]
        assert school.problems() == [(TEACHING, "ChuNhiem", None, None, "sheet_missing")]

    def test_class_without_homeroom_teacher_is_one_problem(self) -> None:
        school = SmallSchool()
        del school.grids[TEACHING]["ChuNhiem"][2]
        school.grids[TEACHING]["ChuNhiem"].append([])
        (problem,) = school.read().problems
        assert (problem.code, problem.value) == ("homeroom_missing", "6A1")

    def test_second_homeroom_teacher_is_one_problem(self) -> None:
        school = SmallSchool()
        school.grids[TEACHING]["ChuNhiem"].append([2, "6A1", "GV0002", "Nguyễn Thị Thu Tuyết"])
        assert school.problems() == [(TEACHING, "ChuNhiem", 4, "Lớp", "homeroom_duplicate")]

    def test_subject_without_teacher_is_one_problem(self) -> None:
        school = SmallSchool()
        del school.grids[TEACHING]["PhanCong"][2]
        (problem,) = school.read().problems
        assert (problem.code, problem.value) == ("subject_without_teacher", "6A1 · Ngữ văn · học kì I")

    def test_repeated_assignment_is_one_problem(self) -> None:
        school = SmallSchool()
        school.grids[TEACHING]["PhanCong"].append(list(school.grids[TEACHING]["PhanCong"][2]))
        assert school.problems() == [(TEACHING, "PhanCong", 27, "Lớp", "assignment_duplicate")]

    def test_several_teachers_of_one_subject_are_no_problem(self) -> None:
        school = SmallSchool()
        school.grids[TEACHING]["PhanCong"].append([25, "6A1", "Toán", 1, "GV0002", "Nguyễn Thị Thu Tuyết"])
        assert school.problems() == []

    def test_assignment_of_someone_who_left_is_pointed_out(self) -> None:
        school = SmallSchool()
        school.put(STAFF, "Sheet1", 6, "Trạng thái CB", "Nghỉ hưu")
        assert {problem[4] for problem in school.problems()} == {"staff_not_working"}


class TestColumns:
    @pytest.mark.parametrize(
        ("file", "sheet", "column"),
        [
            (PUPILS, "Sheet1", "Giới tính"),
            (PUPILS, "Sheet1", IDS),
            (STAFF, "Sheet1", "Nhóm chức vụ"),
            (TEACHING, "ChuNhiem", "Mã định danh GV"),
            (MARKS, SHEET, "ĐĐGck"),
            (SUMMARY, "TongHop", "Nghỉ không phép"),
        ],
    )
    def test_missing_column_is_one_problem(self, file: str, sheet: str, column: str) -> None:
        school = SmallSchool()
        school.drop_column(file, sheet, column)
        found = school.problems()
        assert [problem[4] for problem in found] == ["column_missing"]
        assert found[0][:2] == (file, sheet)

    def test_two_columns_of_one_meaning_are_a_problem(self) -> None:
        school = SmallSchool()
        for row in school.grids[PUPILS]["Sheet1"][3:]:
            row.append("Số CCCD" if row[0] == "STT" else None)
        assert school.problems() == [(PUPILS, "Sheet1", None, "Số CCCD", "column_repeated")]

    def test_order_of_columns_makes_no_difference(self) -> None:
        school = SmallSchool()
        for file, sheets in school.grids.items():
            for name, grid in sheets.items():
                start = grid.index(school.header(file, name))
                sheets[name] = grid[:start] + [row[::-1] for row in grid[start:]]
        assert school.problems() == []

    def test_accents_capitals_and_line_breaks_of_headers_make_no_difference(self) -> None:
        school = SmallSchool()
        for file, sheets in school.grids.items():
            for name in sheets:
                header = school.header(file, name)
                header[:] = [
                    unicodedata.normalize("NFD", str(cell).upper()).replace(" ", "\n ") for cell in header
                ]
        assert school.problems() == []

    def test_other_names_of_columns_are_known(self) -> None:
        school = SmallSchool()
        header = school.header(MARKS, SHEET)
        header[:] = ["STT", "Mã học sinh", "Họ tên", "Ngày, tháng, năm sinh", "TX1", "TX2", "TX3", "TX4", "GK", "CK",
                     "Nhận xét của giáo viên"]  # fmt: skip
        assert school.problems() == []

    def test_header_may_have_three_rows_and_a_row_of_numbers(self) -> None:
        school = SmallSchool()
        grid = school.grids[MARKS][SHEET]
        grid[2:3] = [
            [
                "TT",
                "Mã HS",
                "Họ và tên",
                "Ngày sinh",
                "Điểm đánh giá",
                None,
                None,
                None,
                None,
                None,
                "Nhận xét",
            ],
            [None, None, None, None, "ĐĐGtx", None, None, None, "ĐĐGgk", "ĐĐGck", None],
            [None, None, None, None, 1, 2, 3, 4, None, None, None],
            [f"({number})" for number in range(1, 12)],
        ]
        reading = school.read()
        assert reading.problems == ()
        assert reading.data is not None
        rows = [row for row in reading.data.marks if row.subject_code == "TOAN" and row.term == 1]
        assert [row.regular for row in rows] == [("8.5",) * 4] * 3
        assert [row.source.row for row in rows] == [7, 8, 9]

    def test_lines_of_totals_and_signatures_below_are_no_rows(self) -> None:
        school = SmallSchool()
        for sheets in school.grids.values():
            for grid in sheets.values():
                grid += [
                    [],
                    [None, None, "Tổng số: 3 học sinh"],
                    ["", None, None, "Ngày 30 tháng 5 năm 2025"],
                ]
        assert school.problems() == []

    def test_other_sheets_are_ignored(self) -> None:
        school = SmallSchool()
        for sheets in school.grids.values():
            sheets["DanhMuc_DanToc"] = [["Mã", "Tên dân tộc"], ["01", "Kinh"]]
            sheets["Ghi chú"] = [["Đã nộp cho văn phòng"]]
        assert school.problems() == []

    def test_files_are_known_by_their_content(self) -> None:
        school = SmallSchool()
        school.grids = {f"tep-{place}-6A1.xlsx": sheets for place, sheets in enumerate(school.grids.values())}
        assert school.problems() == []


class TestTitles:
    @pytest.mark.parametrize(
        ("row", "code"), [(0, "school_name_missing"), (1, "school_code_missing"), (2, "school_year_missing")]
    )
    def test_what_the_list_of_pupils_does_not_say_is_missing(self, row: int, code: str) -> None:
        school = SmallSchool()
        school.grids[PUPILS]["Sheet1"][row] = ["…"]
        assert [problem[4] for problem in school.problems()] == [code]


class TestFiles:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "file_unreadable"),
            (b"not a workbook", "file_unreadable"),
            (b"PK\x03\x04" + b"\0" * 100, "file_unreadable"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_unreadable"),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "file_encrypted",
            ),
        ],
    )
    def test_unreadable_file_is_one_problem(self, content: bytes, code: str) -> None:
        school = SmallSchool()
        for file in (PUPILS, STAFF, TEACHING, MARKS, SUMMARY):
            spoiled = SmallSchool()
            spoiled.extra[file] = content
            assert spoiled.problems() == [(file, "", None, None, code)]
        assert school.problems() == []

    def test_file_without_a_header_is_one_problem(self) -> None:
        school = SmallSchool()
        school.grids[SUMMARY] = {"TongHop": [["a", "b"], [1, 2]]}
        assert school.problems() == [(SUMMARY, "", None, None, "file_unrecognised")]

    def test_sheet_without_a_header_is_one_problem(self) -> None:
        school = SmallSchool()
        del school.grids[MARKS][SHEET][2]
        assert school.problems() == [(MARKS, SHEET, None, None, "file_unrecognised")]

    def test_other_workbooks_are_pointed_out_and_other_files_ignored(self) -> None:
        school = SmallSchool()
        school.extra = {"ThucDon.xlsx": save({"Tuần 1": [["Thứ hai", "Cá kho"]]}), "README.md": b"# hi"}
        assert school.problems() == [("ThucDon.xlsx", "", None, None, "file_ignored")]

    def test_nothing_at_all_is_three_missing_lists(self) -> None:
        assert [problem.code for problem in read_school({}).problems] == ["file_missing"] * 3


class TestMessages:
    def test_every_kind_of_flaw_says_what_is_wrong_in_one_cause(self) -> None:
        assert all(flaw.cause and flaw.sentence for flaw in FLAWS.values())

    def test_long_cells_are_cut(self) -> None:
        school = SmallSchool()
        school.put(MARKS, SHEET, 5, "ĐĐGtx2", "x" * 30_000)
        (problem,) = school.read().problems
        assert problem.value is not None
        assert len(problem.value) == 200
        assert len(problem.message) < 400
