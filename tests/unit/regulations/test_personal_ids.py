"""Personal IDs: shape, what the digits say, and contradictions."""

from __future__ import annotations

import pytest

from hocba.regulations.personal_ids import (
    IdFault,
    PersonalId,
    age_fits_grade,
    contradictions,
    normal_birth_year,
    shape_fault,
)


class TestShapeFault:
    @pytest.mark.parametrize("text", ["079212123456", "001313000001", "123456789012"])
    def test_accepts_twelve_digits(self, text: str) -> None:
        assert shape_fault(text) is None

    @pytest.mark.parametrize("text", ["79212123456", "1212932391"])
    def test_recognises_lost_leading_zeros(self, text: str) -> None:
        assert shape_fault(text) is IdFault.LOST_ZERO

    @pytest.mark.parametrize(
        "text",
        ["", "07921212345", "0792121234567", "07921212345X", "079 212 123 456", "12345678", "٠٧٩٢١٢١٢٣٤٥٦"],
    )
    def test_calls_anything_else_malformed(self, text: str) -> None:
        assert shape_fault(text) is IdFault.MALFORMED

    def test_does_not_guess_a_zero_that_gives_no_province(self) -> None:
        assert shape_fault("99212123456") is IdFault.MALFORMED


class TestPersonalId:
    @pytest.mark.parametrize(
        ("text", "sex", "year"),
        [
            ("079212123456", "NAM", 2012),
            ("079313123456", "NU", 2013),
            ("079086123456", "NAM", 1986),
            ("001193123456", "NU", 1993),
            ("001405123456", "NAM", 2105),
        ],
    )
    def test_reads_sex_and_year_of_birth(self, text: str, sex: str, year: int) -> None:
        number = PersonalId.parse(text)
        assert (number.sex, number.birth_year, number.place) == (sex, year, text[:3])

    def test_refuses_other_texts(self) -> None:
        with pytest.raises(ValueError, match="not a personal ID"):
            PersonalId.parse("79212123456")


class TestContradictions:
    number = PersonalId.parse("079212123456")

    def test_finds_none_where_all_agrees(self) -> None:
        assert contradictions(self.number, sex="NAM", birth_year=2012) == ()

    def test_compares_nothing_that_is_unknown(self) -> None:
        assert contradictions(self.number, sex=None, birth_year=None) == ()

    @pytest.mark.parametrize(
        ("sex", "year", "found"),
        [
            ("NU", 2012, (IdFault.SEX,)),
            ("NAM", 2013, (IdFault.BIRTH_YEAR,)),
            ("NAM", 1912, (IdFault.CENTURY,)),
            ("NU", 1999, (IdFault.SEX, IdFault.CENTURY, IdFault.BIRTH_YEAR)),
        ],
    )
    def test_names_each_contradiction_once(self, sex: str, year: int, found: tuple[IdFault, ...]) -> None:
        assert contradictions(self.number, sex=sex, birth_year=year) == found

    @pytest.mark.parametrize("place", ["003", "097", "000", "120"])
    def test_hints_at_a_place_outside_the_63_provinces(self, place: str) -> None:
        number = PersonalId.parse(f"{place}212123456")
        assert contradictions(number, sex="NAM", birth_year=2012) == (IdFault.PROVINCE,)


class TestAge:
    @pytest.mark.parametrize(("grade", "year"), [(1, 2018), (6, 2013), (9, 2010), (10, 2009)])
    def test_takes_six_years_for_grade_one(self, grade: int, year: int) -> None:
        assert normal_birth_year(grade=grade, school_year_start=2024) == year

    @pytest.mark.parametrize(
        ("birth_year", "fits"), [(2015, False), (2014, True), (2013, True), (2010, True), (2009, False)]
    )
    def test_allows_one_year_younger_and_three_older(self, birth_year: int, *, fits: bool) -> None:
        assert age_fits_grade(birth_year=birth_year, grade=6, school_year_start=2024) is fits
