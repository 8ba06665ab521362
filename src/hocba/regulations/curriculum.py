"""Subjects of the curriculum: names, kinds, periods a year. The facts are in data/curriculum.json, dated.

Source: TT 32/2018/TT-BGDĐT, TT 13/2022/TT-BGDĐT; kinds: TT 22/2021 Điều 5 khoản 3a (THCS, THPT) and
TT 27/2020 Điều 7 (tiểu học, where "score" means a subject with periodic tests in at least one grade).
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hocba.regulations.errors import UnknownSubjectError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

LEVELS: Final = ("TIEUHOC", "THCS", "THPT")

REGULAR_MARKS_OF_COMMENT_SUBJECT: Final = 2  # TT 22/2021 Điều 6 khoản 2a
REGULAR_MARKS_BY_PERIODS: Final = ((35, 2), (70, 3))  # Điều 6 khoản 2b: up to 35 tiết: 2, up to 70: 3
REGULAR_MARKS_AT_MOST: Final = 4  # Điều 6 khoản 2b: more than 70 tiết


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A subject or educational activity (môn học, hoạt động giáo dục) of one school level.

    `kind` is "score" or "comment"; `group` is "compulsory", "elective" or "optional", in the grades of
    `optional_grades` always "optional". `periods` gives the periods a year (tiết) per grade; a grade that is
    not in it does not have the subject. `parts` are the parts that may have teachers of their own.
    """

    code: str
    name: str
    kind: str
    level: str
    group: str
    periods: Mapping[int, int]
    aliases: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    optional_grades: tuple[int, ...] = ()

    def group_in(self, grade: int) -> str:
        """The group of the subject in a grade: tiểu học teaches Ngoại ngữ 1 by choice in grades 1 and 2."""
        return "optional" if grade in self.optional_grades else self.group


@dataclass(frozen=True, slots=True, kw_only=True)
class Curriculum:
    """One dated version of the curriculum; `since` is the first school year it is used in."""

    id: str
    since: str
    source: str
    grades: Mapping[str, tuple[int, ...]]
    electives: Mapping[str, int]
    subjects: Mapping[str, Mapping[str, Subject]]


def grades(level: str) -> tuple[int, ...]:
    """The grades of a school level: THCS has 6, 7, 8, 9. Raises KeyError for an unknown level."""
    return _curriculum(None).grades[level]


def level_of(grade: int) -> str:
    """The school level a grade belongs to: 6 is THCS. Raises ValueError for a grade that is none."""
    for level, known in _curriculum(None).grades.items():
        if grade in known:
            return level
    raise ValueError(f"no grade: {grade}")


def subject(code: str, level: str | None = None, school_year: str | None = None) -> Subject:
    """The subject with that code; without a level the first found in THCS, THPT, tiểu học.

    `school_year` ("2024-2025") picks the version in force then; without it the newest. Raises
    UnknownSubjectError.
    """
    curriculum = _curriculum(school_year)
    for each in (level,) if level else ("THCS", "THPT", "TIEUHOC"):
        found = curriculum.subjects.get(each, {}).get(code)
        if found is not None:
            return found
    raise UnknownSubjectError(f"không có môn học mang mã {code!r}")


def name_of(code: str, level: str | None = None, school_year: str | None = None) -> str:
    """The name of a subject for people; the code itself where the curriculum does not know it."""
    try:
        return subject(code, level, school_year).name
    except UnknownSubjectError:
        return code


def subjects_for(level: str, grade: int, school_year: str | None = None) -> tuple[Subject, ...]:
    """All subjects of a grade (compulsory, elective and optional) in the order of the official forms."""
    taught = _curriculum(school_year).subjects.get(level, {})
    return tuple(each for each in taught.values() if grade in each.periods)


def subject_by_name(text: str, level: str | None = None, school_year: str | None = None) -> Subject | None:
    """The subject a person means by a name, alias or code, whatever the case, spacing or spelling.

    "MỸ THUẬT", "Mĩ thuật" and the decomposed form of both are one subject. None when nothing fits.
    """
    for each in (level,) if level else ("THCS", "THPT", "TIEUHOC"):
        found = _by_folded_name(school_year, each).get(fold(text))
        if found is not None:
            return found
    return None


def regular_marks_required(code: str, level: str, grade: int, school_year: str | None = None) -> int:
    """How many regular assessments a term needs (TT 22/2021 Điều 6 khoản 2); chuyên đề are not counted.

    0 for tiểu học, where regular assessment has no marks. Raises UnknownSubjectError.
    """
    found = subject(code, level, school_year)
    if grade not in found.periods:
        raise UnknownSubjectError(f"lớp {grade} không học môn {found.name}")
    if level == "TIEUHOC":
        return 0
    if found.kind == "comment":
        return REGULAR_MARKS_OF_COMMENT_SUBJECT
    for periods, marks in REGULAR_MARKS_BY_PERIODS:
        if found.periods[grade] <= periods:
            return marks
    return REGULAR_MARKS_AT_MOST


def selection_problems(
    level: str, grade: int, codes: Iterable[str], school_year: str | None = None
) -> tuple[str, ...]:
    """What is wrong with the list of subjects of one pupil in one year, as Vietnamese sentences.

    Compulsory subjects must be there, THPT needs exactly 4 electives (TT 13/2022), nothing else may be there.
    """
    chosen = set(codes)
    taught = {each.code: each for each in subjects_for(level, grade, school_year)}
    problems = [f"Lớp {grade} không có môn học mang mã {code}." for code in sorted(chosen - set(taught))]
    problems += [
        f"Thiếu môn học bắt buộc {each.name}."
        for each in taught.values()
        if each.group_in(grade) == "compulsory" and each.code not in chosen
    ]
    return (*problems, *choice_problems(level, grade, chosen, school_year))


def choice_problems(
    level: str, grade: int, codes: Iterable[str], school_year: str | None = None
) -> tuple[str, ...]:
    """What is wrong with the number of subjects a pupil has chosen, as Vietnamese sentences.

    THPT needs exactly 4 electives (TT 13/2022), the other levels have none. Other codes do not matter here.
    """
    chosen, needed = set(codes), _curriculum(school_year).electives.get(level, 0)
    electives = [
        each
        for each in subjects_for(level, grade, school_year)
        if each.code in chosen and each.group == "elective"
    ]
    if len(electives) == needed:
        return ()
    return (f"Cần chọn đúng {needed} môn học lựa chọn, đang có {len(electives)} môn.",)


def is_chosen(code: str, level: str, grade: int, school_year: str | None = None) -> bool:
    """Whether pupils take the subject by choice (electives of THPT, optional languages) and not the whole class.

    What the curriculum does not know counts as taken by everybody: then nobody can be missing unnoticed.
    """
    found = _curriculum(school_year).subjects.get(level, {}).get(code)
    return found is not None and found.group_in(grade) != "compulsory"


def taken_by(
    codes: Iterable[str], chosen: Collection[str], level: str, grade: int, school_year: str | None = None
) -> tuple[str, ...]:
    """Those of the class's subjects that a pupil takes who has chosen `chosen`, in their order."""
    return tuple(code for code in codes if code in chosen or not is_chosen(code, level, grade, school_year))


def fold(text: str) -> str:
    """A name reduced to what people agree on: no case, accents, punctuation or "và"; "y" is "i"."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = re.findall(r"[a-z0-9]+", plain.replace("y", "i"))
    return "".join(word for word in words if word != "va")


@lru_cache(maxsize=64)
def _by_folded_name(school_year: str | None, level: str) -> dict[str, Subject]:
    folded: dict[str, Subject] = {}
    for each in _curriculum(school_year).subjects.get(level, {}).values():
        for name in (each.code, each.name, *each.aliases):
            folded[fold(name)] = each
    return folded


@lru_cache(maxsize=64)
def _curriculum(school_year: str | None) -> Curriculum:
    versions = sorted(_versions(), key=lambda version: version.since)
    if school_year is None:
        return versions[-1]
    in_force = [version for version in versions if version.since <= school_year]
    return in_force[-1] if in_force else versions[0]


@cache
def _versions() -> tuple[Curriculum, ...]:
    text = resources.files("hocba.regulations").joinpath("data/curriculum.json").read_text("utf-8")
    return load(text)


def load(text: str) -> tuple[Curriculum, ...]:
    """Read the versions from JSON in the shape of data/curriculum.json."""
    return tuple(
        Curriculum(
            id=version["id"],
            since=version["from"],
            source=version["source"],
            grades={level: tuple(facts["grades"]) for level, facts in version["levels"].items()},
            electives={level: facts["electives"] for level, facts in version["levels"].items()},
            subjects={
                level: {row["code"]: _subject(row, level) for row in facts["subjects"]}
                for level, facts in version["levels"].items()
            },
        )
        for version in json.loads(text)["versions"]
    )


def _subject(row: Mapping[str, Any], level: str) -> Subject:
    return Subject(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        level=level,
        group=row["group"],
        periods=MappingProxyType({int(grade): periods for grade, periods in row["periods"].items()}),
        aliases=tuple(row.get("aliases", ())),
        parts=tuple(row.get("parts", ())),
        optional_grades=tuple(row.get("optional_grades", ())),
    )
