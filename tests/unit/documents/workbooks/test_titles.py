"""What titles, sheet names and file names say."""

from __future__ import annotations

import pytest

from hocba.documents.workbooks import titles


class TestSchool:
    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("TRƯỜNG THCS HOA PHƯỢNG", "Trường THCS Hoa Phượng"),
            ("TRƯỜNG TIỂU HỌC NGUYỄN THỊ LẮNG", "Trường Tiểu học Nguyễn Thị Lắng"),
            ("TRƯỜNG TRUNG HỌC PHỔ THÔNG CHU VĂN AN", "Trường Trung học phổ thông Chu Văn An"),
            ("Trường THPT chuyên Lê Hồng Phong", "Trường THPT chuyên Lê Hồng Phong"),
        ],
    )
    def test_name_is_written_as_in_running_text(self, title: str, name: str) -> None:
        assert titles.school_name(("SỞ GIÁO DỤC", title)) == name

    @pytest.mark.parametrize(
        ("title", "year"),
        [
            ("NĂM HỌC 2024-2025", "2024-2025"),
            ("Năm học: 2024 – 2025", "2024-2025"),
            ("NĂM HỌC 2024-2026", None),
            ("Năm 2024", None),
        ],
    )
    def test_year_needs_two_years_that_follow(self, title: str, year: str | None) -> None:
        assert titles.school_year((title,)) == year

    def test_code_follows_its_label(self) -> None:
        assert titles.school_code(("TRƯỜNG A", "Mã trường: 79764501")) == "79764501"


class TestMarkSheet:
    TITLE = "SỔ THEO DÕI VÀ ĐÁNH GIÁ HỌC SINH - LỚP 6A1 - MÔN HOẠT ĐỘNG TRẢI NGHIỆM, HƯỚNG NGHIỆP - HỌC KÌ II"

    def test_title_names_class_subject_and_term(self) -> None:
        assert titles.class_in(self.TITLE) == "6A1"
        assert titles.subject_in(self.TITLE) == "HOẠT ĐỘNG TRẢI NGHIỆM, HƯỚNG NGHIỆP"
        assert titles.term_in(self.TITLE) == 2

    def test_order_of_the_parts_makes_no_difference(self) -> None:
        title = "BẢNG ĐIỂM MÔN TOÁN HỌC KỲ 1 LỚP 10A3 NĂM HỌC 2024-2025"
        assert (titles.class_in(title), titles.subject_in(title), titles.term_in(title)) == (
            "10A3",
            "TOÁN",
            1,
        )

    @pytest.mark.parametrize(
        ("sheet", "parts"),
        [
            ("TOAN_HK1", ("TOAN", 1)),
            ("Ngữ văn HK II", ("Ngữ văn", 2)),
            ("NN1_HK2", ("NN1", 2)),
            ("TongHop", None),
        ],
    )
    def test_sheet_name_gives_subject_and_term(self, sheet: str, parts: tuple[str, int] | None) -> None:
        assert titles.sheet_parts(sheet) == parts


class TestClass:
    @pytest.mark.parametrize(
        ("name", "grade"), [("6A1", 6), ("10A3", 10), ("1/2", 1), ("12", 12), ("13A", None), ("A1", None)]
    )
    def test_name_begins_with_the_grade(self, name: str, grade: int | None) -> None:
        assert titles.grade_of(name) == grade

    def test_two_spellings_have_one_key(self) -> None:
        assert titles.class_key("6a1") == titles.class_key(" 6 A1") == "6A1"
