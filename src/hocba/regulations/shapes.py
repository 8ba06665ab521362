"""Checks of the shape of JSON input that every circular's reader shares; each adds to a list of problems."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hocba.regulations.applicability import mismatch
from hocba.regulations.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

MISSING: Final = object()
"""Stands for a key that is not there, which `check_keys` has reported already; null is something else."""

_SCHOOL_YEAR: Final = re.compile(r"(\d{4})-(\d{4})")


def check_keys(
    raw: Mapping[str, Any],
    path: str,
    required: AbstractSet[str],
    optional: AbstractSet[str],
    problems: list[Problem],
) -> None:
    """Every key required is there and no key is unknown: a misspelt key would be a silent guess."""
    keys = raw.keys()
    if keys == required:
        return
    prefix = f"{path}." if path else ""
    problems += [Problem(f"{prefix}{key}", "thiếu mục bắt buộc này.") for key in sorted(required - keys)]
    unknown = sorted(str(key) for key in keys - required - optional)
    problems += [Problem(f"{prefix}{key}", "không có mục nào mang tên này.") for key in unknown]


def one_of(names: Mapping[str, int], raw: object, path: str, problems: list[Problem]) -> int | None:
    """The number of a level name; None for null."""
    if raw is None:
        return None
    if isinstance(raw, str) and raw in names:
        return names[raw]
    problems.append(Problem(path, f"phải là một trong {', '.join(names)} hoặc null, đang là {quoted(raw)}."))
    return None


def text_of(record: Mapping[str, Any], key: str, problems: list[Problem]) -> str | None:
    """An optional text; None when it is not there."""
    raw = record.get(key)
    if raw is None or isinstance(raw, str):
        return raw
    problems.append(Problem(key, "phải là chuỗi ký tự."))
    return None


def check_applicability(record: Mapping[str, Any], level: str, grade: int, problems: list[Problem]) -> None:
    """A school year, when the record names one, is well written and the regulation is the one of that year."""
    raw = record.get("school_year")
    if raw is None:
        return
    match = _SCHOOL_YEAR.fullmatch(raw) if isinstance(raw, str) and raw.isascii() else None
    if not match or int(match[2]) != int(match[1]) + 1:
        problems.append(Problem("school_year", f'năm học viết như "2024-2025", đang là {quoted(raw)}.'))
        return
    sentence = mismatch(record["regulation"], level, grade, match[0])
    if sentence is not None:
        problems.append(Problem("regulation", sentence))


def quoted(raw: object) -> str:
    """A value from the input as a message shows it: short, whatever it is."""
    if raw is True or raw is False:
        return "true" if raw else "false"
    if isinstance(raw, str):
        return f'"{raw[:40]}"'
    if isinstance(raw, int | float):
        return str(raw)[:40] if isinstance(raw, float) or abs(raw) < 10**40 else "một số quá lớn"
    return "null" if raw is None else "một danh sách" if isinstance(raw, list) else "một đối tượng"
