"""Reads what only some subjects have: parts, chuyên đề, exemption, missed tests, and every mistake.

Marks are whole tenths, comment results 1 (Đạt) and 0 (Chưa đạt), None a mark that is not there yet.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from hocba.regulations.errors import Problem
from hocba.regulations.marks import COMMENTS, TENTHS
from hocba.regulations.shapes import MISSING, check_keys, quoted

EXCUSED: Final = "EXCUSED"  # missed for force majeure: a make-up test is due (Điều 7 khoản 4)
UNEXCUSED: Final = "UNEXCUSED"  # missed without reason, make-up not taken: 0 or Chưa đạt (Điều 7 khoản 5)

Scale = dict[str | None, int | None]

REGULAR: Final[dict[bool, Scale]] = {
    scored: {None: None} | dict(scale.items()) for scored, scale in ((True, TENTHS), (False, COMMENTS))
}
"""By "is scored": every way a regular mark may be written."""

PERIODIC: Final[dict[bool, Scale]] = {
    scored: {**scale, EXCUSED: None, UNEXCUSED: 0} for scored, scale in REGULAR.items()
}
"""The same for a midterm or final mark."""

_PART_KEYS: Final = frozenset({"name", "regular"})


class Term(NamedTuple):
    """The marks of a subject in one term; `excused` says which periodic marks wait for a make-up test.

    `recorded` is the result another school certified, for a term whose marks are not here.
    """

    regular: list[int | None]
    midterm: int | None
    final: int | None
    excused: tuple[str, ...] = ()
    recorded: int | None = None


EMPTY_TERM: Final = Term([], None, None)


def exempt_terms(raw: object, path: str, problems: list[Problem]) -> tuple[int, ...]:
    """The terms a pupil is exempted in: [], [1], [2] or [1, 2]."""
    if raw is None:
        return ()
    if isinstance(raw, list | tuple) and list(raw) in ([], [1], [2], [1, 2]):
        return tuple(raw)
    problems.append(Problem(f"{path}.exempt", "các học kì được miễn viết là [1], [2] hoặc [1, 2]."))
    return ()


def terms(
    raw: object, exempt: tuple[int, ...], path: str, problems: list[Problem], *, scored: bool
) -> tuple[Term, Term]:
    """Both terms of a subject; a term may be null when nothing is there yet."""
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        if raw is not MISSING:
            problems.append(Problem(path, "phải có đúng hai phần tử: học kì I và học kì II."))
        return EMPTY_TERM, EMPTY_TERM
    first = _term(raw[0], f"{path}[0]", problems, scored=scored)
    second = _term(raw[1], f"{path}[1]", problems, scored=scored)
    problems += [
        Problem(f"{path}[{number - 1}]", "học sinh được miễn học kì này nên phải để null.")
        for number in exempt
        if raw[number - 1] is not None
    ]
    return first, second


def has_topic(raw: object) -> bool:
    """Whether one of the terms has the result of a chuyên đề, which only THPT knows (Điều 6 khoản 2c)."""
    return isinstance(raw, list | tuple) and any(isinstance(term, dict) and "topic" in term for term in raw)


def _term(raw: object, path: str, problems: list[Problem], *, scored: bool) -> Term:
    if raw is None:
        return EMPTY_TERM
    if not isinstance(raw, dict):
        problems.append(Problem(path, "mỗi học kì phải là một đối tượng JSON hoặc null."))
        return EMPTY_TERM
    if "recorded" in raw:
        check_keys(raw, path, {"recorded"}, frozenset(), problems)
        result = mark(raw["recorded"], REGULAR[scored], f"{path}.recorded", problems, scored=scored)
        return EMPTY_TERM._replace(recorded=result)
    if "parts" in raw:
        check_keys(raw, path, {"parts", "midterm", "final"}, {"topic"}, problems)
        regular = _parts(raw["parts"], f"{path}.parts", problems, scored=scored)
    else:
        check_keys(raw, path, {"regular", "midterm", "final"}, {"topic"}, problems)
        regular = _marks(raw.get("regular", []), f"{path}.regular", problems, scored=scored)
    if "topic" in raw:  # the chosen result of a cụm chuyên đề is one regular mark more (Điều 6 khoản 2c)
        regular.append(mark(raw["topic"], REGULAR[scored], f"{path}.topic", problems, scored=scored))
    periodic = PERIODIC[scored]
    return Term(
        regular,
        mark(raw.get("midterm"), periodic, f"{path}.midterm", problems, scored=scored),
        mark(raw.get("final"), periodic, f"{path}.final", problems, scored=scored),
        tuple(key for key in ("midterm", "final") if raw.get(key) == EXCUSED),
    )


def _parts(raw: object, path: str, problems: list[Problem], *, scored: bool) -> list[int | None]:
    """The regular marks of all parts of a subject together: they count alike in one average."""
    if not isinstance(raw, list | tuple) or not raw:
        problems.append(Problem(path, "phải là danh sách các phân môn."))
        return []
    regular: list[int | None] = []
    for index, part in enumerate(raw):
        place = f"{path}[{index}]"
        if not isinstance(part, dict):
            problems.append(Problem(place, "mỗi phân môn phải là một đối tượng JSON."))
            continue
        check_keys(part, place, _PART_KEYS, frozenset(), problems)
        if "name" in part and not isinstance(part["name"], str):
            problems.append(Problem(f"{place}.name", "tên phân môn phải là chuỗi ký tự."))
        regular += _marks(part.get("regular", []), f"{place}.regular", problems, scored=scored)
    return regular


def _marks(raw: object, path: str, problems: list[Problem], *, scored: bool) -> list[int | None]:
    if not isinstance(raw, list | tuple):
        problems.append(Problem(path, "đánh giá thường xuyên phải là một danh sách."))
        return []
    scale = REGULAR[scored]
    return [mark(each, scale, f"{path}[{index}]", problems, scored=scored) for index, each in enumerate(raw)]


def mark(raw: Any, scale: Scale, path: str, problems: list[Problem], *, scored: bool) -> int | None:
    """One mark or comment result; adds a problem that says how it should be written."""
    if raw is None or (isinstance(raw, str) and raw in scale):
        return scale[raw]
    if not scored:
        problems.append(
            Problem(path, f'phải là "D" (Đạt), "CD" (Chưa đạt) hoặc null, đang là {quoted(raw)}.')
        )
        return None
    problems.append(
        Problem(
            path,
            'điểm phải là chuỗi từ "0.0" đến "10.0" với đúng một chữ số thập phân sau dấu chấm, hoặc null;'
            f" đang là {quoted(raw)}{_hint(raw)}.",
        )
    )
    return None


def _hint(raw: object) -> str:
    """How the mark was probably meant: said, never assumed."""
    if isinstance(raw, int | float) and not isinstance(raw, bool) and 0 <= raw <= 10:
        raw = str(raw)
    if not isinstance(raw, str):
        return ""
    candidate = raw.strip().replace(",", ".")
    candidate = candidate if "." in candidate else f"{candidate}.0"
    return f' (có phải "{candidate}"?)' if candidate in TENTHS else ""
