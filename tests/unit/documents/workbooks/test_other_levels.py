"""Reading schools of tiểu học and THPT: the samples, and one flaw at a time in them."""

from __future__ import annotations

import io
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from hocba.documents.workbooks.reading import read_school

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = Path(__file__).parents[4] / "sample"

Found = list[tuple[str, str, int | None, str | None, str]]


@cache
def _files(school: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (SAMPLES / school).iterdir()}


def _spoiled(school: str, file: str, change: Callable[[Any], None]) -> Found:
    workbook = openpyxl.load_workbook(io.BytesIO(_files(school)[file]))
    change(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    reading = read_school(_files(school) | {file: stream.getvalue()})
    return [(p.file, p.sheet, p.row, p.column, p.code) for p in reading.problems]


class TestPrimary:
    def test_sample_has_no_problem(self) -> None:
        reading = read_school(_files("tieuhoc"))
        assert reading.problems == ()
        assert reading.data is not None
        assert reading.data.school.name == "Trường Tiểu học Hoa Sữa"
        assert reading.counts.pupils == 138
        assert Counter(row.time for row in reading.data.primary) == dict.fromkeys(range(4), 138)

    def test_subject_nobody_is_named_for_is_the_homeroom_teacher_s_and_told(self) -> None:
        def drop(workbook: Any) -> None:
            workbook["PhanCong"].delete_rows(3)

        assert _spoiled("tieuhoc", "PhanCong.xlsx", drop) == [
            ("PhanCong.xlsx", "PhanCong", None, None, "taught_by_homeroom_teacher")
        ]

    def test_subject_nobody_is_named_for_blocks_a_class_without_homeroom_teacher(self) -> None:
        def drop(workbook: Any) -> None:
            workbook["PhanCong"].delete_rows(3)
            workbook["ChuNhiem"].delete_rows(3)

        found = _spoiled("tieuhoc", "PhanCong.xlsx", drop)

        assert sorted(code for *_, code in found) == ["homeroom_missing", "subject_without_teacher"]

    def test_values_say_what_the_rows_say(self) -> None:
        data = read_school(_files("tieuhoc")).data
        assert data is not None
        row = next(row for row in data.primary if row.class_name == "3A" and row.time == 3)
        codes = [subject.code for subject in row.subjects]
        assert codes[:3] == ["TIENGVIET", "TOAN", "NN1"]
        tested = {subject.code for subject in row.subjects if subject.test is not None}
        assert tested == {"TIENGVIET", "TOAN", "NN1", "THCN"}
        assert all(subject.level in {"T", "H", "C"} and subject.remark for subject in row.subjects)
        assert dict(row.traits).keys() >= {"TUCHU", "TINHOC", "YEUNUOC", "KHOAHOC"}
        assert row.overall is not None
        assert row.completed is row.promoted is True
        middle = next(row for row in data.primary if row.class_name == "3A" and row.time == 0)
        assert middle.completed is None
        assert all(subject.test is None for subject in middle.subjects)

    @pytest.mark.parametrize(
        ("column", "value", "code"),
        [
            (6, "X", "level_unknown"),
            (6, None, "mark_missing"),
            (7, 8.5, "test_mark_invalid"),
            (7, 11, "mark_out_of_range"),
            (7, "tám", "mark_not_a_mark"),
            (7, None, "mark_missing"),
            (3, "123", "pupil_unknown"),
        ],
    )
    def test_one_flaw_is_one_problem(self, column: int, value: Any, code: str) -> None:
        def change(workbook: Any) -> None:
            workbook["CuoiHK1"].cell(7, column).value = value

        (found,) = _spoiled("tieuhoc", "KetQua_5A.xlsx", change)
        assert (found[0], found[1], found[2], found[4]) == ("KetQua_5A.xlsx", "CuoiHK1", 7, code)

    def test_column_is_named_by_its_whole_header(self) -> None:
        def change(workbook: Any) -> None:
            workbook["CuoiHK1"].cell(7, 7).value = 8.5

        (found,) = _spoiled("tieuhoc", "KetQua_5A.xlsx", change)
        assert found[3] == "Tiếng Việt Điểm KTĐK"

    def test_sheet_of_a_time_that_is_missing_is_one_problem(self) -> None:
        def change(workbook: Any) -> None:
            del workbook["GiuaHK2"]

        found = _spoiled("tieuhoc", "KetQua_5A.xlsx", change)
        assert found == [("KetQua_5A.xlsx", "GiuaHK2", None, None, "sheet_missing")]

    def test_title_of_another_time_is_one_problem(self) -> None:
        def change(workbook: Any) -> None:
            cell = workbook["GiuaHK2"]["A2"]
            cell.value = cell.value.replace("GIỮA HỌC KÌ II", "CUỐI HỌC KÌ I")

        found = _spoiled("tieuhoc", "KetQua_5A.xlsx", change)
        assert found == [("KetQua_5A.xlsx", "GiuaHK2", None, None, "title_mismatch")]

    def test_class_without_results_is_one_problem(self) -> None:
        files = {name: content for name, content in _files("tieuhoc").items() if name != "KetQua_1B.xlsx"}
        assert [(p.file, p.code) for p in read_school(files).problems] == [("KetQua_1B.xlsx", "file_missing")]


class TestUpperSecondary:
    def test_sample_has_no_problem(self) -> None:
        reading = read_school(_files("thpt"))
        assert reading.problems == ()
        assert reading.data is not None
        taken = {(row.pupil_code, row.subject_code) for row in reading.data.marks if row.class_name == "10A2"}
        assert Counter(code for _, code in taken)["AMNHAC"] == 12
        assert Counter(code for _, code in taken)["TINHOC"] == 26

    def test_elective_taken_in_one_term_only_is_one_problem(self) -> None:
        def change(workbook: Any) -> None:
            workbook["AMNHAC_HK2"].delete_rows(4)

        (found,) = _spoiled("thpt", "SoDiem_10A2.xlsx", change)
        assert (found[0], found[4]) == ("HocSinh.xlsx", "electives_differ")

    def test_elective_too_few_is_one_problem(self) -> None:
        def change(workbook: Any) -> None:
            for sheet in ("AMNHAC_HK1", "AMNHAC_HK2"):
                workbook[sheet].delete_rows(4)

        (found,) = _spoiled("thpt", "SoDiem_10A2.xlsx", change)
        assert (found[0], found[4]) == ("HocSinh.xlsx", "electives_wrong")

    def test_missing_sheet_of_an_elective_does_not_blame_the_pupils(self) -> None:
        def change(workbook: Any) -> None:
            del workbook["AMNHAC_HK2"]

        found = _spoiled("thpt", "SoDiem_10A2.xlsx", change)
        assert found == [("SoDiem_10A2.xlsx", "AMNHAC_HK2", None, None, "sheet_missing")]

    def test_pupil_missing_from_a_compulsory_subject_is_one_problem(self) -> None:
        def change(workbook: Any) -> None:
            workbook["TOAN_HK2"].delete_rows(4)

        found = _spoiled("thpt", "SoDiem_10A2.xlsx", change)
        assert [problem[4] for problem in found] == ["pupil_missing"]

    def test_mark_of_a_topic_is_one_regular_mark_more(self) -> None:
        def change(workbook: Any) -> None:
            sheet = workbook["DIALI_HK1"]
            sheet.insert_cols(8)
            sheet.cell(3, 8).value = "CĐ"
            sheet.cell(4, 8).value = 9.5

        files = _files("thpt")
        workbook = openpyxl.load_workbook(io.BytesIO(files["SoDiem_10A2.xlsx"]))
        change(workbook)
        stream = io.BytesIO()
        workbook.save(stream)
        reading = read_school(files | {"SoDiem_10A2.xlsx": stream.getvalue()})
        assert reading.problems == ()
        assert reading.data is not None
        rows = [row for row in reading.data.marks if (row.class_name, row.subject_code) == ("10A2", "DIALI")]
        assert [len(row.regular) for row in rows if row.term == 1][:2] == [4, 3]
        assert rows[0].regular[-1] == "9.5"

    def test_column_of_a_topic_is_refused_in_lower_secondary_school(self) -> None:
        def change(workbook: Any) -> None:
            workbook["TOAN_HK1"].cell(3, 12).value = "Chuyên đề"

        (found,) = _spoiled("thcs", "SoDiem_6A1.xlsx", change)
        assert found[1:] == ("TOAN_HK1", None, "Chuyên đề", "topic_unexpected")
