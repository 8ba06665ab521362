"""What must hold of a pupil's particulars, wherever they come from: a row of a workbook or the roster.

The rules are those of "đúng, đủ, sạch" for people; the kinds of flaws, their sentences and whether they block are
the import's (`flaws`), so that a school reads the same words before and after its data are taken over.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from hocba.documents.workbooks.flaws import FLAWS
from hocba.documents.workbooks.problems import sentence_of
from hocba.regulations import code_lists, personal_ids
from hocba.regulations.personal_ids import IdFault, PersonalId

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hocba.documents.people import Pupil

LABELS: Final = MappingProxyType(
    {
        "personal_id": "Số định danh cá nhân",
        "name": "Họ và tên",
        "birth_date": "Ngày sinh",
        "sex": "Giới tính",
        "ethnic_group": "Dân tộc",
        "birthplace": "Nơi sinh",
        "residence": "Chỗ ở hiện tại",
        "father": "Họ tên cha",
    }
)
"""What the fields are called where there is no column with a header of its own."""

PARTICULARS: Final = ("ethnic_group", "birthplace", "residence")
"""Entries of the form's first page that every pupil has, beside those without which nobody is taken over."""

_NAME = re.compile(r"[^\W\d_]+(?:[ '’.\-]+[^\W\d_]+)*\.?")
_SHOWN_SEX: Final = {"NAM": "Nam", "NU": "Nữ"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One flaw of one field: the code of its kind, and what its sentence needs to know."""

    code: str
    field: str
    details: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def blocking(self) -> bool:
        """Whether it forbids taking the data over."""
        return FLAWS[self.code].blocking

    @property
    def cause(self) -> str:
        """The kind of flaw in a few words."""
        return FLAWS[self.code].cause

    def sentence(self, value: str) -> str:
        """What is wrong and what to do, in Vietnamese; `value` is what the field says."""
        return sentence_of(self.code, column=LABELS[self.field], value=value, details=self.details)


def of_pupil(pupil: Pupil, *, grade: int, school_year_start: int) -> Iterator[Finding]:
    """Everything wrong with the particulars of a pupil of the roster."""
    yield from of_name(pupil.name)
    if not pupil.birth_date:
        yield Finding(code="value_missing", field="birth_date")
    is_vietnamese = code_lists.is_vietnamese(pupil.nationality)
    yield from of_number(pupil.personal_id, name=pupil.name, is_vietnamese=is_vietnamese)
    if not pupil.personal_id and not is_vietnamese:
        # A list may leave it open; what is to be signed names every pupil by that number.
        yield Finding(code="personal_id_foreign", field="personal_id", details={"name": pupil.name})
    yield from of_ethnic_group(pupil.ethnic_group)
    if personal_ids.shape_fault(pupil.personal_id) is None:
        number = PersonalId.parse(pupil.personal_id)
        found = list(of_contradictions(number, sex=pupil.sex, birth_date=pupil.birth_date))
        yield from found
        if in_doubt(found):
            return
    yield from of_age(pupil.birth_date, grade=grade, school_year_start=school_year_start)
    given = {name: getattr(pupil, name) for name in PARTICULARS}
    has_relative = any((pupil.father, pupil.mother, pupil.guardian))
    yield from of_particulars(given, name=pupil.name, has_relative=has_relative)


def of_name(name: str) -> Iterator[Finding]:
    """A name is there, and has letters only."""
    if not name:
        yield Finding(code="value_missing", field="name")
    elif not _NAME.fullmatch(name):
        yield Finding(code="name_odd_characters", field="name")


def of_number(text: str, *, name: str, is_vietnamese: bool) -> Iterator[Finding]:
    """A personal ID has twelve digits, and only a foreign pupil may have none."""
    if not text:
        if is_vietnamese:
            details = {"name": name or "người này"}
            yield Finding(code="personal_id_missing", field="personal_id", details=details)
        return
    fault = personal_ids.shape_fault(text)
    if fault is IdFault.LOST_ZERO:
        yield Finding(code="personal_id_lost_zero", field="personal_id", details={"length": len(text)})
    elif fault is not None:
        yield Finding(code="personal_id_malformed", field="personal_id")


def of_contradictions(
    number: PersonalId, *, sex: str | None, birth_date: str | None, shown_sex: str = ""
) -> Iterator[Finding]:
    """What the number says of place, sex and year of birth against what else is known; ISO 8601, maybe partial."""
    year = int(birth_date[:4]) if birth_date else None
    details: dict[IdFault, dict[str, object]] = {
        IdFault.PROVINCE: {"prefix": number.place},
        IdFault.SEX: {
            "expected": _SHOWN_SEX[number.sex],
            "found": shown_sex or _SHOWN_SEX.get(str(sex), ""),
        },
        IdFault.CENTURY: {"expected": f"{number.century}–{number.century + 99}", "found": year},
        IdFault.BIRTH_YEAR: {"expected": f"…{number.birth_year % 100:02d}", "found": year},
    }
    for fault in personal_ids.contradictions(number, sex=sex, birth_year=year):
        yield Finding(code=f"personal_id_{fault}", field="personal_id", details=details[fault])


def in_doubt(found: list[Finding]) -> bool:
    """Whether the year of birth is in doubt: then nothing is concluded from it."""
    doubts = {f"personal_id_{IdFault.CENTURY}", f"personal_id_{IdFault.BIRTH_YEAR}"}
    return any(each.code in doubts for each in found)


def of_age(birth_date: str | None, *, grade: int, school_year_start: int) -> Iterator[Finding]:
    """The age fits the grade (Điều lệ trường)."""
    if not birth_date:
        return
    year = int(birth_date[:4])
    if personal_ids.age_fits_grade(birth_year=year, grade=grade, school_year_start=school_year_start):
        return
    usual = personal_ids.normal_birth_year(grade=grade, school_year_start=school_year_start)
    details = {"found": year, "grade": grade, "expected": usual}
    yield Finding(code="age_unusual", field="birth_date", details=details)


def of_ethnic_group(text: str) -> Iterator[Finding]:
    """The ethnic group is one of the 54."""
    if text and code_lists.ethnic_group(text) is None:
        yield Finding(code="ethnic_group_unknown", field="ethnic_group")


def of_particulars(given: Mapping[str, str], *, name: str, has_relative: bool) -> Iterator[Finding]:
    """What the first page of the transcript's form asks for; `given` are texts by field of `PARTICULARS`."""
    for each, text in given.items():
        if not text:
            yield Finding(code="particular_missing", field=each, details={"name": name})
    if not has_relative:
        yield Finding(code="relative_missing", field="father", details={"name": name})
