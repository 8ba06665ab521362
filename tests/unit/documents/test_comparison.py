"""What was entered against what came back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hocba.documents import class_record_xml
from hocba.documents.class_record import SubjectSheet
from hocba.documents.comparison import differences
from tests.factories import documents, primary

ENTERED = documents.subject_sheet(term=2)


def returned(**changes: Any) -> SubjectSheet:
    """The sheet as the sector database gives it, with the first pupil's row changed."""
    return replace(ENTERED, rows=(replace(ENTERED.rows[0], **changes), *ENTERED.rows[1:]))


class TestDifferences:
    def test_are_none_when_the_same_sheet_comes_back_under_another_id(self) -> None:
        octets = class_record_xml.data_xml(
            replace(ENTERED, identity=replace(ENTERED.identity, id=documents.TERM_ID, version=7))
        )

        assert differences(ENTERED, class_record_xml.read_subject_sheet(octets)) == ()

    @pytest.mark.parametrize(
        ("change", "field", "shown"),
        [
            ({"regular": ("8.0", "9.5", "7.0", "10.0")}, "đánh giá thường xuyên lần 3", ("", "7,0")),
            ({"regular": ("8.0", "9.5", None)}, "đánh giá thường xuyên lần 4", ("10,0", "")),
            ({"midterm": "7.6"}, "đánh giá giữa kì", ("7,5", "7,6")),
            ({"final": None}, "đánh giá cuối kì", ("8,0", "")),
            ({"term_result": "8.5"}, "kết quả học kì", ("8,6", "8,5")),
            ({"year_result": "8.3"}, "kết quả cả năm", ("8,4", "8,3")),
            ({"after_retest": "5.0"}, "sau đánh giá lại", ("", "5,0")),
            ({"remark": "Khác."}, "nhận xét", ("Có tiến bộ ở học kì 2.", "Khác.")),
            ({"name": "Trần Ngọc Dũng"}, "họ và tên", ("Trần Ngọc Dung", "Trần Ngọc Dũng")),
            ({"pupil_code": "1"}, "mã học sinh", ("7924024404", "1")),
        ],
    )
    def test_name_pupil_subject_term_field_and_both_values(
        self, change: dict[str, Any], field: str, shown: tuple[str, str]
    ) -> None:
        (found,) = differences(ENTERED, returned(**change))

        assert (found.pupil_name, found.subject_code, found.term) == ("Trần Ngọc Dung", "TOAN", 2)
        assert (found.field, found.entered, found.returned) == (field, *shown)

    def test_include_a_pupil_who_was_lost_and_one_who_was_not_entered(self) -> None:
        lost, first = ENTERED.rows[1], ENTERED.rows[0]
        stranger = replace(lost, personal_id="079213000001", name="Lê An")

        found = differences(ENTERED, replace(ENTERED, rows=(first, stranger)))

        assert [(each.pupil_name, each.entered, each.returned) for each in found] == [
            ("Nguyễn Đức Nam", "có", ""),
            ("Lê An", "", "có"),
        ]

    def test_include_a_row_that_came_back_twice(self) -> None:
        (found,) = differences(ENTERED, replace(ENTERED, rows=(*ENTERED.rows, ENTERED.rows[1])))

        assert (found.pupil_name, found.field, found.entered, found.returned) == (
            "Nguyễn Đức Nam",
            "số dòng trả về",
            "1",
            "2",
        )

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"subject_code": "NN1"}, "mã môn học"),
            ({"subject_name": "Đại số"}, "tên môn học"),
            ({"kind": "comment"}, "hình thức đánh giá"),
            ({"term": 1}, "học kì"),
            ({"teachers": documents.teachers("NGUVAN")}, "giáo viên"),
            ({"identity": replace(ENTERED.identity, class_name="6A2")}, "lớp"),
            ({"identity": replace(ENTERED.identity, school_year="2023-2024")}, "năm học"),
        ],
    )
    def test_include_the_heading_of_the_sheet(self, change: dict[str, Any], field: str) -> None:
        (found,) = differences(ENTERED, replace(ENTERED, **change))

        assert (found.field, found.personal_id) == (field, "")

    def test_read_as_vietnamese_sentences(self) -> None:
        (found,) = differences(ENTERED, returned(final=None))

        assert str(found) == (
            "Trần Ngọc Dung (079313224404), môn Toán, học kì II, đánh giá cuối kì: "
            "đã nhập “8,0”, cơ sở dữ liệu ngành trả về trống"
        )


class TestDifferencesOfPrimary:
    @pytest.mark.parametrize(
        ("change", "field", "shown"),
        [
            ({"middle_level": "C"}, "mức đạt được giữa học kì", ("Hoàn thành", "Chưa hoàn thành")),
            ({"middle_test": "7"}, "điểm kiểm tra giữa học kì", ("", "7")),
            ({"end_level": None}, "mức đạt được cuối học kì", ("Hoàn thành", "")),
            ({"end_test": "0"}, "điểm kiểm tra cuối học kì", ("8", "0")),
            ({"remark": ""}, "nhận xét", ("Có tiến bộ ở học kì 1.", "")),
        ],
    )
    def test_name_field_and_both_values(
        self, change: dict[str, Any], field: str, shown: tuple[str, str]
    ) -> None:
        sheet = primary.subject_sheet()
        changed = replace(sheet, rows=(replace(sheet.rows[0], **change), sheet.rows[1]))

        (found,) = differences(sheet, changed)

        assert (found.field, found.entered, found.returned) == (field, *shown)

    def test_include_everything_when_a_sheet_of_another_level_comes_back(self) -> None:
        sheet = primary.subject_sheet()
        other = replace(documents.subject_sheet(), identity=sheet.identity, teachers=sheet.teachers)

        fields = {found.field for found in differences(sheet, other)}

        assert {"hình thức đánh giá", "dòng của học sinh"} <= fields
