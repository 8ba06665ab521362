from __future__ import annotations

import unicodedata

import pytest

from hocba.regulations import curriculum
from hocba.regulations.errors import UnknownSubjectError


class TestSubjectsFor:
    @pytest.mark.parametrize(
        ("level", "grade", "weekly"),
        [
            ("TIEUHOC", 1, 25),
            ("TIEUHOC", 2, 25),
            ("TIEUHOC", 3, 28),
            ("TIEUHOC", 4, 30),
            ("TIEUHOC", 5, 30),
            ("THCS", 6, 29),
            ("THCS", 7, 29),
            ("THCS", 8, 29.5),
            ("THCS", 9, 29.5),
        ],
    )
    def test_adds_up_to_the_weekly_periods_of_the_programme(
        self, level: str, grade: int, weekly: float
    ) -> None:
        subjects = curriculum.subjects_for(level, grade)
        periods = sum(each.periods[grade] for each in subjects if each.group_in(grade) == "compulsory")

        assert round(2 * periods / 35) / 2 == weekly

    def test_gives_thcs_its_eight_scored_subjects(self) -> None:
        scored = [
            each.code
            for each in curriculum.subjects_for("THCS", 9)
            if each.kind == "score" and each.group == "compulsory"
        ]

        assert scored == ["NGUVAN", "TOAN", "NN1", "GDCD", "LSDL", "KHTN", "CONGNGHE", "TINHOC"]

    def test_gives_thpt_nine_electives_of_which_two_are_comment_only(self) -> None:
        electives = [each for each in curriculum.subjects_for("THPT", 10) if each.group == "elective"]

        assert len(electives) == 9
        assert {each.code for each in electives if each.kind == "comment"} == {"AMNHAC", "MITHUAT"}

    @pytest.mark.parametrize("level", curriculum.LEVELS)
    def test_has_no_two_subjects_of_one_name(self, level: str) -> None:
        for grade in curriculum.grades(level):
            for each in curriculum.subjects_for(level, grade):
                for name in (each.code, each.name, *each.aliases):
                    assert curriculum.subject_by_name(name, level) is each


class TestLevelOf:
    @pytest.mark.parametrize(
        ("grade", "level"),
        [(1, "TIEUHOC"), (5, "TIEUHOC"), (6, "THCS"), (9, "THCS"), (10, "THPT"), (12, "THPT")],
    )
    def test_follows_the_grade(self, grade: int, level: str) -> None:
        assert curriculum.level_of(grade) == level

    def test_refuses_what_is_no_grade(self) -> None:
        with pytest.raises(ValueError, match="13"):
            curriculum.level_of(13)


class TestSubject:
    def test_is_found_by_code_and_level(self) -> None:
        assert curriculum.subject("TOAN", "THPT").periods[10] == 105
        assert curriculum.subject("TOAN").level == "THCS"

    def test_that_nobody_teaches_is_an_error(self) -> None:
        with pytest.raises(UnknownSubjectError):
            curriculum.subject("LATIN")

    def test_of_another_level_is_an_error(self) -> None:
        with pytest.raises(UnknownSubjectError):
            curriculum.subject("KHTN", "THPT")


class TestSubjectByName:
    @pytest.mark.parametrize(
        ("text", "level", "code"),
        [
            ("Mỹ thuật", "THPT", "MITHUAT"),
            ("MĨ THUẬT", "THPT", "MITHUAT"),
            ("  Hóa   học ", "THPT", "HOAHOC"),
            ("Địa lý", "THPT", "DIALI"),
            ("Vật Lý", "THPT", "VATLI"),
            ("Tiếng Anh", "THCS", "NN1"),
            ("Lịch sử & Địa lí", "THCS", "LSDL"),
            ("Lịch sử và Địa lý", "THCS", "LSDL"),
            ("HĐTN-HN", "THCS", "HDTNHN"),
            ("Hoạt động trải nghiệm - hướng nghiệp", "THCS", "HDTNHN"),
            ("GDKT&PL", "THPT", "GDKTPL"),
            ("TOAN", None, "TOAN"),
            ("Tự nhiên & Xã hội", "TIEUHOC", "TNXH"),
        ],
    )
    def test_understands_how_people_write(self, text: str, level: str | None, code: str) -> None:
        for form in ("NFC", "NFD"):
            found = curriculum.subject_by_name(unicodedata.normalize(form, text), level)
            assert found is not None
            assert found.code == code

    def test_does_not_guess(self) -> None:
        assert curriculum.subject_by_name("Triết học") is None
        assert curriculum.subject_by_name("") is None


class TestRegularMarksRequired:
    @pytest.mark.parametrize(
        ("code", "level", "marks"),
        [
            ("CONGNGHE", "THCS", {6: 2, 7: 2, 8: 3, 9: 3}),
            ("TOAN", "THCS", {6: 4, 9: 4}),
            ("GDCD", "THCS", {6: 2, 9: 2}),
            ("GDTC", "THCS", {6: 2}),
            ("HDTNHN", "THCS", {6: 2}),
            ("LICHSU", "THPT", {10: 3}),
            ("VATLI", "THPT", {10: 3}),
            ("GDQPAN", "THPT", {12: 2}),
            ("NN1", "THPT", {11: 4}),
            ("TOAN", "TIEUHOC", {5: 0}),
        ],
    )
    def test_follows_the_periods_a_year(self, code: str, level: str, marks: dict[int, int]) -> None:
        for grade, required in marks.items():
            assert curriculum.regular_marks_required(code, level, grade) == required

    def test_refuses_a_grade_that_does_not_have_the_subject(self) -> None:
        with pytest.raises(UnknownSubjectError):
            curriculum.regular_marks_required("KHOAHOC", "TIEUHOC", 3)


class TestSelectionProblems:
    COMPULSORY = ("NGUVAN", "TOAN", "NN1", "LICHSU", "GDQPAN", "GDTC", "HDTNHN", "GDDP")

    def test_accepts_four_electives(self) -> None:
        chosen = (*self.COMPULSORY, "VATLI", "HOAHOC", "AMNHAC", "MITHUAT")

        assert curriculum.selection_problems("THPT", 10, chosen) == ()

    def test_accepts_optional_subjects_beside_them(self) -> None:
        chosen = (*self.COMPULSORY, "VATLI", "HOAHOC", "TINHOC", "DIALI", "NN2")

        assert curriculum.selection_problems("THPT", 11, chosen) == ()

    def test_names_everything_that_is_wrong(self) -> None:
        chosen = (*self.COMPULSORY[1:], "VATLI", "KHTN")

        assert curriculum.selection_problems("THPT", 10, chosen) == (
            "Lớp 10 không có môn học mang mã KHTN.",
            "Thiếu môn học bắt buộc Ngữ văn.",
            "Cần chọn đúng 4 môn học lựa chọn, đang có 1 môn.",
        )


class TestTakenBy:
    CODES = ("TOAN", "VATLI", "HOAHOC", "NN2")

    def test_is_what_everybody_takes_and_what_was_chosen(self) -> None:
        assert curriculum.taken_by(self.CODES, {"HOAHOC", "NN2"}, "THPT", 10) == ("TOAN", "HOAHOC", "NN2")

    def test_leaves_nothing_out_in_lower_secondary_school_but_optional_languages(self) -> None:
        assert curriculum.taken_by(("TOAN", "KHTN", "NN2"), (), "THCS", 6) == ("TOAN", "KHTN")

    def test_keeps_what_the_curriculum_does_not_know(self) -> None:
        assert curriculum.taken_by(("CHEMISTRY",), (), "THPT", 10) == ("CHEMISTRY",)

    def test_follows_the_grade(self) -> None:
        assert curriculum.is_chosen("NN1", "TIEUHOC", 1)
        assert not curriculum.is_chosen("NN1", "TIEUHOC", 3)


class TestChoiceProblems:
    def test_are_none_with_four_electives(self) -> None:
        assert (
            curriculum.choice_problems("THPT", 10, ["VATLI", "HOAHOC", "DIALI", "AMNHAC", "NN2", "TOAN"])
            == ()
        )

    @pytest.mark.parametrize("codes", [["VATLI"] * 4, ["VATLI", "HOAHOC", "DIALI", "AMNHAC", "TINHOC"], []])
    def test_count_the_electives(self, codes: list[str]) -> None:
        (problem,) = curriculum.choice_problems("THPT", 11, codes)
        assert problem == f"Cần chọn đúng 4 môn học lựa chọn, đang có {len(set(codes))} môn."

    def test_are_none_where_nothing_is_chosen(self) -> None:
        assert curriculum.choice_problems("THCS", 8, ["TOAN"]) == ()
