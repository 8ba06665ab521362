"""TT 58/2011/TT-BGDĐT (amended by TT 26/2020): recorded results of THCS and THPT, for digitising paper.

The paper is the record: a mismatch is a warning for a person to look at, never a correction. Thresholds:
TT 58/2011 Điều 13, 15; those marked "unverified" below are from memory of the circular.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hocba.regulations import recorded
from hocba.regulations.circular22.averages import year_average
from hocba.regulations.errors import InputError, Problem
from hocba.regulations.marks import COMMENTS, TENTHS, TEXTS, divide_half_up, shown
from hocba.regulations.shapes import check_applicability, check_keys, one_of, quoted, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CIRCULAR: Final = "Thông tư 58/2011/TT-BGDĐT"
VERSION: Final = "TT58-2011/1"
GRADES: Final = {"THCS": (6, 7, 8, 9), "THPT": (10, 11, 12)}
LEARNING: Final = {"KEM": 0, "YEU": 1, "TB": 2, "KHA": 3, "GIOI": 4}
LEARNING_SHOWN: Final = {"KEM": "Kém", "YEU": "Yếu", "TB": "Trung bình", "KHA": "Khá", "GIOI": "Giỏi"}
CONDUCT: Final = {"YEU": 0, "TB": 1, "KHA": 2, "TOT": 3}
PROMOTIONS: Final = ("PROMOTED", "RETEST", "SUMMER_TRAINING", "RETAINED")
TITLES: Final = {"GIOI": ("GIOI", "TOT"), "TIEN_TIEN": ("KHA", "KHA")}  # at least this learning, this conduct
ABSENCES: Final = 45

# Điều 13: average of all subjects, one main subject at least, every subject at least (Yếu, Kém: unverified).
_LEVELS: Final = ((4, 80, 80, 65), (3, 65, 65, 50), (2, 50, 50, 35), (1, 35, 0, 20))
_MAIN_SUBJECTS: Final = frozenset({"TOAN", "NGUVAN", "NN1"})  # NN1 since TT 26/2020

_REQUIRED: Final = frozenset({"regulation", "level", "grade", "subjects", "learning", "conduct"})
_OPTIONAL: Final = frozenset({"id", "school_year", "averages", "absences", "promotion", "title"})


def check_recorded_year(record: Mapping[str, Any], *, explain: bool = False) -> dict[str, Any]:
    """The recorded year with warnings about what does not agree; raises InputError when it cannot be read."""
    problems: list[Problem] = []
    _check_shape(record, problems)
    if problems:
        raise InputError(problems)
    warnings = [
        *_subject_warnings(record["subjects"]),
        *_average_warnings(record),
        *_level_warnings(record),
        *_promotion_warnings(record),
    ]
    return recorded.answer(record, CIRCULAR, VERSION, warnings, explain=explain)


def _check_shape(record: Mapping[str, Any], problems: list[Problem]) -> None:
    check_keys(record, "", _REQUIRED, _OPTIONAL, problems)
    _check_class(record, problems)
    _check_subjects(record.get("subjects"), problems)
    _check_series(record.get("learning"), LEARNING, "learning", {"after_retest"}, problems)
    _check_series(record.get("conduct"), CONDUCT, "conduct", {"after_summer"}, problems)
    if record.get("averages") is not None:
        _check_series(record["averages"], TENTHS, "averages", set(), problems)
    absences = record.get("absences")
    if absences is not None and (type(absences) is not int or absences < 0):
        problems.append(Problem("absences", "số buổi nghỉ học phải là số nguyên không âm hoặc null."))
    for key, allowed in (("promotion", PROMOTIONS), ("title", tuple(TITLES))):
        if record.get(key) is not None and record[key] not in allowed:
            problems.append(Problem(key, f"phải là một trong {', '.join(allowed)} hoặc null."))
    text_of(record, "id", problems)


def _check_class(record: Mapping[str, Any], problems: list[Problem]) -> None:
    level, grade = record.get("level"), record.get("grade")
    if not isinstance(level, str) or level not in GRADES:
        problems.append(Problem("level", 'cấp học phải là "THCS" hoặc "THPT".'))
    elif type(grade) is not int or grade not in GRADES[level]:
        problems.append(Problem("grade", f"lớp không thuộc cấp {level}."))
    elif not problems:
        check_applicability(record, level, grade, problems)


def _check_subjects(raw: object, problems: list[Problem]) -> None:
    if not isinstance(raw, list | tuple) or not raw:
        problems.append(Problem("subjects", "phải là danh sách có ít nhất một môn học."))
        return
    for index, subject in enumerate(raw):
        _check_subject(subject, f"subjects[{index}]", problems)


def _check_subject(raw: object, path: str, problems: list[Problem]) -> None:
    if not isinstance(raw, dict):
        problems.append(Problem(path, "mỗi môn học phải là một đối tượng JSON."))
        return
    check_keys(raw, path, {"code", "kind", "terms", "year"}, {"retest"}, problems)
    if not isinstance(raw.get("code"), str) or raw.get("kind") not in ("score", "comment"):
        problems.append(
            Problem(path, f'cần mã môn học và kind là "score" hoặc "comment"; đang là {quoted(raw)}.')
        )
        return
    scale = TENTHS if raw["kind"] == "score" else COMMENTS
    _check_series({key: raw[key] for key in raw.keys() - {"code", "kind"}}, scale, path, {"retest"}, problems)


def _check_series(
    raw: object, names: Mapping[str, int], path: str, optional: set[str], problems: list[Problem]
) -> None:
    """{"terms": [I, II], "year": …} with names out of a scale."""
    if not isinstance(raw, dict):
        problems.append(Problem(path, "phải là một đối tượng JSON."))
        return
    check_keys(raw, path, {"terms", "year"}, optional, problems)
    terms = raw.get("terms", ())
    if not isinstance(terms, list | tuple) or len(terms) != 2:
        problems.append(Problem(f"{path}.terms", "phải có đúng hai phần tử: học kì I và học kì II."))
        terms = ()
    for index, term in enumerate(terms):
        one_of(names, term, f"{path}.terms[{index}]", problems)
    for key in ("year", *sorted(optional)):
        one_of(names, raw.get(key), f"{path}.{key}", problems)


def _subject_warnings(subjects: Sequence[Mapping[str, Any]]) -> list[Problem]:
    warnings = []
    for index, subject in enumerate(subjects):
        first, second = subject["terms"]
        if second is None or (first is None and subject["kind"] == "score"):
            continue
        expected = second
        if subject["kind"] == "score":
            expected = TEXTS[year_average(TENTHS[first], TENTHS[second])]
        if subject["year"] is not None and subject["year"] != expected:
            message = f"ghi {shown(subject['year'])}, từ hai học kì tính được {shown(expected)}."
            warnings.append(Problem(f"subjects[{index}].year", message))
    return warnings


def _average_warnings(record: Mapping[str, Any]) -> list[Problem]:
    """The average of all subjects, which the old forms keep, against the mean of the scored subjects."""
    noted = (record.get("averages") or {}).get("year")
    scores = _year_scores(record)
    if noted is None or not scores:
        return []
    expected = TEXTS[divide_half_up(sum(scores.values()), len(scores))]
    if noted == expected:
        return []
    message = f"ghi {shown(noted)}, trung bình các môn là {shown(expected)}."
    return [Problem("averages.year", message)]


def _level_warnings(record: Mapping[str, Any]) -> list[Problem]:
    noted = record["learning"]["year"]
    average = (record.get("averages") or {}).get("year")
    scores = _year_scores(record)
    if noted is None or average is None or not scores:
        return []
    failed = any(each["kind"] == "comment" and each["year"] == "CD" for each in record["subjects"])
    expected = _expected_level(TENTHS[average], scores, failed=failed)
    # Điều 13 khoản 6 lifts a level that one subject alone pulled down, by one or two.
    if expected <= LEARNING[noted] <= expected + 2:
        return []
    name = next(name for name, level in LEARNING.items() if level == expected)
    message = f"ghi {LEARNING_SHOWN[noted]}, theo các điểm trung bình là {LEARNING_SHOWN[name]}."
    return [Problem("learning.year", message)]


def _expected_level(average: int, scores: Mapping[str, int], *, failed: bool) -> int:
    main = max(
        (score for code, score in scores.items() if code in _MAIN_SUBJECTS), default=max(scores.values())
    )
    lowest = min(scores.values())
    for level, average_needed, main_needed, floor in _LEVELS:
        if failed and level > 1:
            continue
        if average >= average_needed and main >= main_needed and lowest >= floor:
            return level
    return 0


def _promotion_warnings(record: Mapping[str, Any]) -> list[Problem]:
    warnings = []
    learning = record["learning"].get("after_retest") or record["learning"]["year"]
    conduct = record["conduct"].get("after_summer") or record["conduct"]["year"]
    absences = record.get("absences")
    if record.get("promotion") == "PROMOTED":
        if absences is not None and absences > ABSENCES:
            warnings.append(
                Problem("promotion", f"được lên lớp nhưng nghỉ {absences} buổi, quá {ABSENCES} buổi.")
            )
        if learning is not None and LEARNING[learning] < LEARNING["TB"]:
            warnings.append(Problem("promotion", "được lên lớp nhưng học lực dưới Trung bình."))
        if conduct is not None and CONDUCT[conduct] < CONDUCT["TB"]:
            warnings.append(Problem("promotion", "được lên lớp nhưng hạnh kiểm dưới Trung bình."))
    needed = TITLES.get(record.get("title") or "")
    year_learning, year_conduct = record["learning"]["year"], record["conduct"]["year"]
    if needed and year_learning and year_conduct:
        reached = (
            LEARNING[year_learning] >= LEARNING[needed[0]] and CONDUCT[year_conduct] >= CONDUCT[needed[1]]
        )
        if not reached:
            warnings.append(Problem("title", "danh hiệu cao hơn học lực hoặc hạnh kiểm đã ghi."))
    return warnings


def _year_scores(record: Mapping[str, Any]) -> dict[str, int]:
    """Code to year average in tenths of every scored subject; empty when one is missing."""
    scored = [each for each in record["subjects"] if each["kind"] == "score"]
    if any(each["year"] is None for each in scored):
        return {}
    return {each["code"]: TENTHS[each["year"]] for each in scored}
