"""TT 30/2014/TT-BGDĐT (amended by TT 22/2016): recorded results of tiểu học, for digitising paper.

The paper is the record: a mismatch is a warning for a person to look at, never a correction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hocba.regulations import recorded
from hocba.regulations.errors import InputError, Problem
from hocba.regulations.shapes import check_applicability, check_keys, one_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

CIRCULAR: Final = "Thông tư 30/2014/TT-BGDĐT"
VERSION: Final = "TT30-2014/1"
GRADES: Final = (1, 2, 3, 4, 5)
SUBJECT_LEVELS: Final = {"C": 0, "H": 1, "T": 2}  # "T" only since TT 22/2016
TRAIT_LEVELS: Final = {"C": 0, "D": 1, "T": 2}
TEST_MARKS: Final = {str(mark): mark for mark in range(11)}
PASSED_TEST: Final = 5

_REQUIRED: Final = frozenset(
    {"regulation", "level", "grade", "subjects", "qualities", "competences", "completed"}
)
_OPTIONAL: Final = frozenset({"id", "school_year", "awards"})


def check_recorded_primary_year(record: Mapping[str, Any], *, explain: bool = False) -> dict[str, Any]:
    """The recorded year with warnings about what does not agree; raises InputError when it cannot be read."""
    problems: list[Problem] = []
    _check_shape(record, problems)
    if problems:
        raise InputError(problems)
    return recorded.answer(record, CIRCULAR, VERSION, _warnings(record), explain=explain)


def _check_shape(record: Mapping[str, Any], problems: list[Problem]) -> None:
    check_keys(record, "", _REQUIRED, _OPTIONAL, problems)
    grade = record.get("grade")
    if record.get("level") != "TIEUHOC":
        problems.append(Problem("level", 'cấp học phải là "TIEUHOC".'))
    if type(grade) is not int or grade not in GRADES:
        problems.append(Problem("grade", "lớp của tiểu học phải là số nguyên từ 1 đến 5."))
    elif not problems:
        check_applicability(record, "TIEUHOC", grade, problems)
    _check_subjects(record.get("subjects"), problems)
    for key in ("qualities", "competences"):
        _check_traits(record.get(key), key, problems)
    completed = record.get("completed")
    if completed is not None and type(completed) is not bool:
        problems.append(Problem("completed", "phải là true, false hoặc null."))
    text_of(record, "awards", problems)
    text_of(record, "id", problems)


def _check_subjects(raw: object, problems: list[Problem]) -> None:
    if not isinstance(raw, list | tuple) or not raw:
        problems.append(Problem("subjects", "phải là danh sách có ít nhất một môn học."))
        return
    for index, subject in enumerate(raw):
        _check_subject(subject, f"subjects[{index}]", problems)


def _check_traits(raw: object, path: str, problems: list[Problem]) -> None:
    if not isinstance(raw, dict):
        problems.append(Problem(path, "phải là một đối tượng JSON."))
        return
    for name, level in raw.items():
        one_of(TRAIT_LEVELS, level, f"{path}.{name}", problems)


def _check_subject(raw: object, path: str, problems: list[Problem]) -> None:
    if not isinstance(raw, dict):
        problems.append(Problem(path, "mỗi môn học phải là một đối tượng JSON."))
        return
    check_keys(raw, path, {"code", "level"}, {"test"}, problems)
    if not isinstance(raw.get("code"), str):
        problems.append(Problem(f"{path}.code", "mã môn học phải là chuỗi ký tự."))
    one_of(SUBJECT_LEVELS, raw.get("level"), f"{path}.level", problems)
    one_of(TEST_MARKS, raw.get("test"), f"{path}.test", problems)


def _warnings(record: Mapping[str, Any]) -> list[Problem]:
    if not record["completed"]:
        return []
    warnings = []
    for index, subject in enumerate(record["subjects"]):
        if subject["level"] == "C":
            message = "đã hoàn thành chương trình lớp học nhưng môn này Chưa hoàn thành."
            warnings.append(Problem(f"subjects[{index}].level", message))
        test = subject.get("test")
        if test is not None and TEST_MARKS[test] < PASSED_TEST:
            message = f"đã hoàn thành chương trình lớp học nhưng điểm kiểm tra cuối năm là {test}."
            warnings.append(Problem(f"subjects[{index}].test", message))
    warnings += [
        Problem(f"{key}.{name}", "đã hoàn thành chương trình lớp học nhưng ghi Cần cố gắng.")
        for key in ("qualities", "competences")
        for name, level in record[key].items()
        if level == "C"
    ]
    return warnings
