"""Reads the JSON of one pupil-year into whole tenths and collects everything that is wrong with it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hocba.regulations import curriculum, levels
from hocba.regulations.circular22 import irregular
from hocba.regulations.circular22.irregular import EMPTY_TERM, REGULAR, Scale, Term
from hocba.regulations.errors import InputError, Problem
from hocba.regulations.shapes import MISSING, check_applicability, check_keys, one_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = ("score", "comment")
GRADES: Final = {"THCS": (6, 7, 8, 9), "THPT": (10, 11, 12)}

_REQUIRED: Final = frozenset({"regulation", "level", "grade", "subjects", "conduct", "absences"})
_OPTIONAL: Final = frozenset({"id", "school_year", "disability"})
_SUBJECT_REQUIRED: Final = frozenset({"code", "kind", "terms"})
_SUBJECT_OPTIONAL: Final = frozenset({"retest", "exempt", "individual_plan"})
_DECISIONS: Final = ("PROMOTED", "RETAINED")


class Subject(NamedTuple):
    """One subject of one pupil. `counted` says for term I, term II and the year whether it is assessed."""

    code: str
    scored: bool
    terms: tuple[Term, Term]
    retest: int | None = None
    counted: tuple[bool, bool, bool] = (True, True, True)
    plan: bool = False


class PupilYear(NamedTuple):
    """What one pupil brings to the end of a school year. Levels are numbers of `levels`."""

    level: str
    grade: int
    subjects: list[Subject]
    conduct: tuple[int | None, int | None]
    after_summer: int | None
    absences: int | None
    id: str | None = None
    disability: bool = False
    decision: str | None = None


def read(record: Mapping[str, Any]) -> PupilYear:
    """Read one pupil-year; raises InputError with every problem there is."""
    problems: list[Problem] = []
    check_keys(record, "", _REQUIRED, _OPTIONAL, problems)
    level, grade = _class_of(record, problems)
    subjects = _subjects(record.get("subjects", MISSING), level, problems)
    conduct, after_summer = _conduct(record.get("conduct", MISSING), problems)
    absences = record.get("absences")
    if absences is not None and (type(absences) is not int or absences < 0):
        problems.append(Problem("absences", "số buổi nghỉ học phải là số nguyên không âm hoặc null."))
    disability, decision = _disability(record.get("disability"), problems)
    if not disability:
        problems += [
            Problem(f"subjects[{index}]", "chỉ học sinh khuyết tật mới theo kế hoạch giáo dục cá nhân.")
            for index, subject in enumerate(subjects)
            if subject.plan
        ]
    identity = text_of(record, "id", problems)
    if not problems:
        check_applicability(record, level, grade, problems)
    if problems:
        raise InputError(problems)
    return PupilYear(level, grade, subjects, conduct, after_summer, absences, identity, disability, decision)


def _class_of(record: Mapping[str, Any], problems: list[Problem]) -> tuple[str, int]:
    level, grade = record.get("level"), record.get("grade")
    if not isinstance(level, str) or level not in GRADES:
        if "level" in record:
            problems.append(Problem("level", 'cấp học phải là "THCS" hoặc "THPT".'))
        return "THCS", 0
    if type(grade) is not int or grade not in GRADES[level]:
        if "grade" in record:
            first, last = GRADES[level][0], GRADES[level][-1]
            problems.append(Problem("grade", f"lớp của cấp {level} phải là số nguyên từ {first} đến {last}."))
        return level, 0
    return level, grade


def _subjects(raw: object, level: str, problems: list[Problem]) -> list[Subject]:
    if not isinstance(raw, list | tuple) or not raw:
        if raw is not MISSING:
            problems.append(Problem("subjects", "phải là danh sách có ít nhất một môn học."))
        return []
    subjects = [_subject(each, index, level, problems) for index, each in enumerate(raw)]
    if len({subject.code for subject in subjects}) < len(subjects):
        seen: set[str] = set()
        for index, subject in enumerate(subjects):
            if subject.code in seen and subject.code:
                problems.append(Problem(f"subjects[{index}].code", f"môn {subject.code} xuất hiện hai lần."))
            seen.add(subject.code)
    return subjects


def _subject(raw: Any, index: int, level: str, problems: list[Problem]) -> Subject:
    """A subject as nearly all are: the usual keys, every mark on the scale. Else read it carefully."""
    try:
        code, (first, second), retest = raw["code"], raw["terms"], raw["retest"]
        scored = raw["kind"] == "score"
        # With as many keys as were looked up, there is no other key.
        if len(raw) == 4 and raw["kind"] == _kinds()[code]:
            scale = REGULAR[scored]
            return Subject(
                code, scored, (_usual_term(first, scale), _usual_term(second, scale)), scale[retest]
            )
    except (KeyError, TypeError, ValueError):
        pass
    return _unusual_subject(raw, f"subjects[{index}]", level, problems)


def _usual_term(raw: Any, scale: Scale) -> Term:
    """A term with three keys and marks on the scale; raises one of the errors `_subject` catches."""
    marks = raw["regular"]
    if len(raw) != 3 or marks.__class__ is not list:
        raise ValueError
    return Term(list(map(scale.__getitem__, marks)), scale[raw["midterm"]], scale[raw["final"]])


def _unusual_subject(raw: object, path: str, level: str, problems: list[Problem]) -> Subject:
    if not isinstance(raw, dict):
        problems.append(Problem(path, "mỗi môn học phải là một đối tượng JSON."))
        return Subject(code="", scored=True, terms=(EMPTY_TERM, EMPTY_TERM))
    check_keys(raw, path, _SUBJECT_REQUIRED, _SUBJECT_OPTIONAL, problems)
    code = _code(raw.get("code", MISSING), path, problems)
    scored = _kind(raw.get("kind", MISSING), code, path, problems)
    exempt = irregular.exempt_terms(raw.get("exempt"), path, problems)
    plan = raw.get("individual_plan", False)
    if type(plan) is not bool:
        problems.append(Problem(f"{path}.individual_plan", "phải là true hoặc false."))
    terms = irregular.terms(raw.get("terms", MISSING), exempt, f"{path}.terms", problems, scored=scored)
    if level != "THPT" and irregular.has_topic(raw.get("terms")):
        problems.append(Problem(path, "chuyên đề học tập (topic) chỉ có ở cấp THPT."))
    retest = irregular.mark(raw.get("retest"), REGULAR[scored], f"{path}.retest", problems, scored=scored)
    taken = (not plan and 1 not in exempt, not plan and 2 not in exempt)
    return Subject(code, scored, terms, retest, (*taken, any(taken)), plan is True)


def _code(raw: object, path: str, problems: list[Problem]) -> str:
    if isinstance(raw, str) and raw.isascii() and raw.replace("_", "").isalnum() and raw == raw.upper():
        return raw
    if raw is not MISSING:
        problems.append(Problem(f"{path}.code", 'mã môn học viết hoa không dấu, ví dụ "TOAN".'))
    return ""


def _kind(raw: object, code: str, path: str, problems: list[Problem]) -> bool:
    if raw is MISSING:
        return _kinds().get(code) != "comment"
    if raw not in KINDS:
        problems.append(Problem(f"{path}.kind", 'cách đánh giá phải là "score" hoặc "comment".'))
        return _kinds().get(code) != "comment"
    known = _kinds().get(code)
    if known is not None and raw != known:
        way = "nhận xét kết hợp điểm số (score)" if known == "score" else "nhận xét (comment)"
        problems.append(
            Problem(f"{path}.kind", f"môn {code} được đánh giá bằng {way} (TT 22/2021 Điều 5 khoản 3).")
        )
    return raw == "score"


def _conduct(raw: object, problems: list[Problem]) -> tuple[tuple[int | None, int | None], int | None]:
    if raw is MISSING:
        return (None, None), None
    if not isinstance(raw, dict):
        problems.append(Problem("conduct", "kết quả rèn luyện phải là một đối tượng JSON."))
        return (None, None), None
    check_keys(raw, "conduct", {"terms"}, {"after_summer"}, problems)
    terms = raw.get("terms", (None, None))
    if not isinstance(terms, list | tuple) or len(terms) != 2:
        problems.append(Problem("conduct.terms", "phải có đúng hai phần tử: học kì I và học kì II."))
        terms = (None, None)
    first = one_of(levels.BY_NAME, terms[0], "conduct.terms[0]", problems)
    second = one_of(levels.BY_NAME, terms[1], "conduct.terms[1]", problems)
    return (first, second), one_of(levels.BY_NAME, raw.get("after_summer"), "conduct.after_summer", problems)


def _disability(raw: object, problems: list[Problem]) -> tuple[bool, str | None]:
    if raw is None:
        return False, None
    if not isinstance(raw, dict):
        problems.append(Problem("disability", 'phải là null hoặc {"decision": …}.'))
        return True, None
    check_keys(raw, "disability", set(), {"decision"}, problems)
    decision = raw.get("decision")
    if decision is not None and decision not in _DECISIONS:
        problems.append(
            Problem("disability.decision", 'quyết định phải là "PROMOTED", "RETAINED" hoặc null.')
        )
        return True, None
    return True, decision


@cache
def _kinds() -> dict[str, str]:
    """The kind of every subject TT 22 may meet: a code has the same kind in THCS and THPT."""
    return {
        subject.code: subject.kind
        for level, grades in GRADES.items()
        for grade in grades
        for subject in curriculum.subjects_for(level, grade)
    }
