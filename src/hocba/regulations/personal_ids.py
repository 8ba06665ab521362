"""Personal identification numbers (số định danh cá nhân): structure and what contradicts it.

Twelve digits: three for the place where the birth was registered, one for century and sex, two for the
year of birth, six at random; there is no check digit (NĐ 137/2015/NĐ-CP Điều 13, TT 07/2016/TT-BCA Điều 7).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hocba.regulations.code_lists import PROVINCES_63

LENGTH: Final = 12

_TWELVE_DIGITS = re.compile(r"[0-9]{12}")
_LOST_ZEROS = re.compile(r"[1-9][0-9]{8,10}")


class IdFault(StrEnum):
    """What may be wrong with a number; the first two make it unusable, the others are contradictions."""

    LOST_ZERO = "lost_zero"
    MALFORMED = "malformed"
    PROVINCE = "province"
    SEX = "sex"
    CENTURY = "century"
    BIRTH_YEAR = "birth_year"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalId:
    """A well-formed number and what it says of its holder."""

    value: str

    @property
    def place(self) -> str:
        """The three digits of the province (or country) where the birth was registered."""
        return self.value[:3]

    @property
    def sex(self) -> str:
        """NAM or NU: the fourth digit is even for a man and odd for a woman."""
        return "NU" if int(self.value[3]) % 2 else "NAM"

    @property
    def century(self) -> int:
        """First year of the century of birth: digits 0 and 1 mean 1900, 2 and 3 mean 2000, and so on."""
        return 1900 + 100 * (int(self.value[3]) // 2)

    @property
    def birth_year(self) -> int:
        """Year of birth, century included."""
        return self.century + int(self.value[4:6])

    @classmethod
    def parse(cls, text: str) -> PersonalId:
        """Read twelve digits; raises ValueError on anything else."""
        if not _TWELVE_DIGITS.fullmatch(text):
            raise ValueError(f"not a personal ID: {text!r}")
        return cls(value=text)


def shape_fault(text: str) -> IdFault | None:
    """Say why a text is no personal ID, or None when it is one.

    Nine to eleven digits that do not begin with zero are a number whose leading zeros a spreadsheet ate:
    every code of the 63 provinces begins with zero. It is recognised, never repaired: the person who
    knows the number has to type it again.
    """
    if _TWELVE_DIGITS.fullmatch(text):
        return None
    if _LOST_ZEROS.fullmatch(text) and text.zfill(LENGTH)[:3] in PROVINCES_63:
        return IdFault.LOST_ZERO
    return IdFault.MALFORMED


def contradictions(number: PersonalId, *, sex: str | None, birth_year: int | None) -> tuple[IdFault, ...]:
    """Compare a number with the sex (NAM, NU) and year of birth of its holder; None is not compared.

    An unknown place is only a hint: codes of countries (births registered abroad) are not in the list of
    provinces. Each contradiction is said once: a wrong century does not also count as a wrong year.
    """
    found = []
    if number.place not in PROVINCES_63:
        found.append(IdFault.PROVINCE)
    if sex is not None and number.sex != sex:
        found.append(IdFault.SEX)
    if birth_year is not None:
        if number.century != birth_year - birth_year % 100:
            found.append(IdFault.CENTURY)
        if number.birth_year % 100 != birth_year % 100:
            found.append(IdFault.BIRTH_YEAR)
    return tuple(found)


def normal_birth_year(*, grade: int, school_year_start: int) -> int:
    """Year in which a pupil of this grade is usually born: six years old in grade 1, eleven in grade 6."""
    return school_year_start - grade - 5


def age_fits_grade(*, birth_year: int, grade: int, school_year_start: int) -> bool:
    """Whether the age is within what the school charters allow (Điều lệ trường, TT 32/2020 Điều 33).

    At most one year younger (a grade skipped) and three years older (later entry, repeated grades).
    """
    older = normal_birth_year(grade=grade, school_year_start=school_year_start) - birth_year
    return -1 <= older <= 3
