"""Code lists of the sector."""

from __future__ import annotations

import unicodedata

import pytest

from hocba.regulations import code_lists


class TestProvinces:
    def test_are_63(self) -> None:
        assert len(code_lists.PROVINCES_63) == 63
        assert len(set(code_lists.PROVINCES_63.values())) == 63

    def test_all_have_a_code_that_begins_with_zero(self) -> None:
        assert all(len(code) == 3 and code.startswith("0") for code in code_lists.PROVINCES_63)


class TestEthnicGroup:
    def test_are_54_and_differ_even_without_accents(self) -> None:
        assert len(code_lists.ETHNIC_GROUPS) == 54
        assert len({code_lists.plain(group.name) for group in code_lists.ETHNIC_GROUPS}) == 54

    def test_every_group_is_found_by_its_name_and_its_code(self) -> None:
        for group in code_lists.ETHNIC_GROUPS:
            assert code_lists.ethnic_group(group.name) == group
            assert code_lists.ethnic_group(group.code) == group

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("Khmer", "Khơ-me"),
            ("Khơ me", "Khơ-me"),
            ("H'Mông", "HMông"),
            ("Mông", "HMông"),
            ("Chàm", "Chăm"),
            ("KINH", "Kinh"),
            ("Cờ Lao", "Co Lao"),
            ("Ê đê", "Ê-đê"),
            (unicodedata.normalize("NFD", "Tày"), "Tày"),
        ],
    )
    def test_knows_other_spellings(self, text: str, name: str) -> None:
        group = code_lists.ethnic_group(text)
        assert group is not None
        assert group.name == name

    @pytest.mark.parametrize("text", ["", "Hobbit", "Kinhh", "00", "55"])
    def test_knows_no_others(self, text: str) -> None:
        assert code_lists.ethnic_group(text) is None


class TestStates:
    @pytest.mark.parametrize(
        ("text", "attending"),
        [("Đang học", True), ("đang  học", True), ("Thôi học", False), ("Chuyển đi", False)],
    )
    def test_say_whether_a_pupil_attends(self, text: str, *, attending: bool) -> None:
        state = code_lists.pupil_state(text)
        assert state is not None
        assert state.attending is attending

    def test_say_whether_a_teacher_works(self) -> None:
        working = code_lists.staff_state("Đang làm việc")
        retired = code_lists.staff_state("Nghỉ hưu")
        assert working is not None
        assert retired is not None
        assert (working.working, retired.working) == (True, False)

    def test_are_unknown_otherwise(self) -> None:
        assert code_lists.pupil_state("Đang chơi") is None
        assert code_lists.staff_state("Đang chơi") is None


class TestSexAndNationality:
    @pytest.mark.parametrize(
        ("text", "sex"), [("Nam", "NAM"), ("nữ", "NU"), ("NỮ", "NU"), ("0", None), ("", None)]
    )
    def test_sex_is_nam_or_nu(self, text: str, sex: str | None) -> None:
        assert code_lists.sex(text) == sex

    @pytest.mark.parametrize(("text", "vietnamese"), [("Việt Nam", True), ("VN", True), ("Hàn Quốc", False)])
    def test_nationality_tells_vietnam_from_others(self, text: str, *, vietnamese: bool) -> None:
        assert code_lists.is_vietnamese(text) is vietnamese
