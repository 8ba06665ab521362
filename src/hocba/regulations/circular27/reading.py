"""Reads the JSON of one primary pupil-year and collects everything that is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hocba.regulations.circular27 import rules
from hocba.regulations.curriculum import subjects_for
from hocba.regulations.errors import InputError, Problem
from hocba.regulations.shapes import MISSING, check_applicability, check_keys, one_of, quoted, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_REQUIRED: Final = frozenset({"regulation", "level", "grade", "subjects", "qualities", "competences"})
_OPTIONAL: Final = frozenset({"id", "school_year", "after_support", "decision", "nomination"})
_DECISIONS: Final = ("COMPLETED", "NOT_COMPLETED")
Times = tuple[int | None, int | None, int | None, int | None]
"""One value for each of the four times of the year."""

_NOTHING: Final[Times] = (None, None, None, None)


class Subject(NamedTuple):
    """Levels (0 to 2) and test marks of one subject; `tested` are the times that have a test."""

    code: str
    levels: Times
    tests: Times
    tested: tuple[int, ...]


class Support(NamedTuple):
    """Results after the teacher's support, for what is assessed again: they replace those of the year end."""

    levels: dict[str, int | None]
    tests: dict[str, int | None]
    traits: dict[str, int | None]


class PrimaryYear(NamedTuple):
    """What one primary pupil brings to the end of the year; traits are qualities and competences."""

    grade: int
    subjects: list[Subject]
    traits: dict[str, Times]
    support: Support | None
    decision: str | None
    nominated: bool | None  # None: nobody has said anything yet
    id: str | None


def read(record: Mapping[str, Any]) -> PrimaryYear:
    """Read one pupil-year; raises InputError with every problem there is."""
    problems: list[Problem] = []
    check_keys(record, "", _REQUIRED, _OPTIONAL, problems)
    grade = _grade(record, problems)
    subjects = _subjects(record.get("subjects", MISSING), grade, problems)
    traits = _traits(record.get("qualities", MISSING), rules.qualities(), "qualities", problems)
    traits |= _traits(record.get("competences", MISSING), rules.competences(grade), "competences", problems)
    support = _support(record.get("after_support"), subjects, traits, problems)
    decision = record.get("decision")
    if decision is not None and decision not in _DECISIONS:
        problems.append(Problem("decision", 'quyết định phải là "COMPLETED", "NOT_COMPLETED" hoặc null.'))
    nominated = _nomination(record.get("nomination"), {*traits, *(each.code for each in subjects)}, problems)
    identity = text_of(record, "id", problems)
    if not problems:
        check_applicability(record, "TIEUHOC", grade, problems)
    if problems:
        raise InputError(problems)
    return PrimaryYear(grade, subjects, traits, support, decision, nominated, identity)


def _grade(record: Mapping[str, Any], problems: list[Problem]) -> int:
    if "level" in record and record["level"] != "TIEUHOC":
        problems.append(Problem("level", 'cấp học phải là "TIEUHOC".'))
    grade = record.get("grade")
    if type(grade) is int and grade in rules.GRADES:
        return grade
    if "grade" in record:
        problems.append(Problem("grade", "lớp của tiểu học phải là số nguyên từ 1 đến 5."))
    return rules.GRADES[-1]


def _subjects(raw: object, grade: int, problems: list[Problem]) -> list[Subject]:
    if not isinstance(raw, list | tuple) or not raw:
        if raw is not MISSING:
            problems.append(Problem("subjects", "phải là danh sách có ít nhất một môn học."))
        return []
    known = {subject.code for subject in subjects_for("TIEUHOC", grade)}
    subjects: list[Subject] = []
    for index, each in enumerate(raw):
        path = f"subjects[{index}]"
        if not isinstance(each, dict):
            problems.append(Problem(path, "mỗi môn học phải là một đối tượng JSON."))
            continue
        subject = _subject(each, grade, path, problems)
        if subject.code in {other.code for other in subjects}:
            problems.append(Problem(f"{path}.code", f"môn {subject.code} xuất hiện hai lần."))
        elif subject.code not in known:
            message = f"lớp {grade} không có môn học mang mã {quoted(each.get('code'))}."
            problems.append(Problem(f"{path}.code", message))
        else:
            subjects.append(subject)
    return subjects


def _subject(raw: dict[str, Any], grade: int, path: str, problems: list[Problem]) -> Subject:
    check_keys(raw, path, {"code", "levels"}, {"tests"}, problems)
    code = raw.get("code")
    code = code if isinstance(code, str) else ""
    tested = rules.tests_of(grade).get(code, ())
    levels = _times(raw.get("levels", MISSING), rules.SUBJECT_LEVELS, f"{path}.levels", problems)
    tests = _NOTHING
    if raw.get("tests") is not None:
        tests = _times(raw["tests"], rules.TEST_MARKS, f"{path}.tests", problems)
    problems += [
        Problem(
            f"{path}.tests[{time}]",
            f"lớp {grade} không có bài kiểm tra {rules.TIMES[time]} môn {code} ({rules.TEST_ARTICLE}).",
        )
        for time, mark in enumerate(tests)
        if mark is not None and time not in tested
    ]
    return Subject(code, levels, tests, tested)


def _traits(raw: object, names: Mapping[str, str], path: str, problems: list[Problem]) -> dict[str, Times]:
    if not isinstance(raw, dict):
        if raw is not MISSING:
            problems.append(Problem(path, "phải là một đối tượng JSON."))
        return {}
    check_keys(raw, path, names.keys(), frozenset(), problems)
    return {
        code: _times(raw.get(code, MISSING), rules.TRAIT_LEVELS, f"{path}.{code}", problems) for code in names
    }


def _times(raw: object, names: Mapping[str, int], path: str, problems: list[Problem]) -> Times:
    if not isinstance(raw, list | tuple) or len(raw) != len(rules.TIMES):
        if raw is not MISSING:
            problems.append(Problem(path, f"phải có đúng bốn phần tử: {', '.join(rules.TIMES)}."))
        return _NOTHING
    first, second, third, fourth = (
        one_of(names, each, f"{path}[{index}]", problems) for index, each in enumerate(raw)
    )
    return first, second, third, fourth


def _support(
    raw: object, subjects: list[Subject], traits: Mapping[str, Times], problems: list[Problem]
) -> Support | None:
    """{"levels": {code: "H"}, "tests": {code: "6"}, "traits": {code: "D"}}, each of them optional."""
    if raw is None:
        return None
    path = "after_support"
    if not isinstance(raw, dict):
        problems.append(Problem(path, "phải là null hoặc một đối tượng JSON."))
        return None
    check_keys(raw, path, frozenset(), {"levels", "tests", "traits"}, problems)
    codes = {subject.code for subject in subjects}
    tested = {subject.code for subject in subjects if rules.YEAR_END in subject.tested}
    return Support(
        _replaced(raw.get("levels", {}), codes, rules.SUBJECT_LEVELS, f"{path}.levels", problems),
        _replaced(raw.get("tests", {}), tested, rules.TEST_MARKS, f"{path}.tests", problems),
        _replaced(raw.get("traits", {}), set(traits), rules.TRAIT_LEVELS, f"{path}.traits", problems),
    )


def _replaced(
    raw: object, known: set[str], names: Mapping[str, int], path: str, problems: list[Problem]
) -> dict[str, int | None]:
    if not isinstance(raw, dict):
        problems.append(Problem(path, "phải là một đối tượng JSON."))
        return {}
    problems += [
        Problem(f"{path}.{code}", "không có mục nào mang mã này để đánh giá lại.")
        for code in raw
        if code not in known
    ]
    values = {code: one_of(names, value, f"{path}.{code}", problems) for code, value in raw.items()}
    return {code: value for code, value in values.items() if value is not None}


def _nomination(raw: object, known: set[str], problems: list[Problem]) -> bool | None:
    """{"excellent_in": […], "progress_in": […], "recognised": true}: what people say, never computed."""
    if raw is None:
        return None
    if not isinstance(raw, dict):
        problems.append(Problem("nomination", "phải là null hoặc một đối tượng JSON."))
        return None
    check_keys(raw, "nomination", {"excellent_in", "progress_in", "recognised"}, frozenset(), problems)
    shown_in = False
    for key in ("excellent_in", "progress_in"):
        codes = raw.get(key, [])
        if not isinstance(codes, list | tuple) or not all(
            isinstance(each, str) and each in known for each in codes
        ):
            problems.append(
                Problem(f"nomination.{key}", "phải là danh sách mã môn học, phẩm chất, năng lực.")
            )
        else:
            shown_in = shown_in or bool(codes)
    recognised = raw.get("recognised", False)
    if type(recognised) is not bool:
        problems.append(Problem("nomination.recognised", "phải là true hoặc false."))
    return shown_in and recognised is True
