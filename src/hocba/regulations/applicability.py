"""Which circular a school year, grade and programme are assessed by: the dated table of data/applicability.json.

Cohorts moved to the new circulars grade by grade, so a pupil who repeated a grade may have years of both. The
regulation is therefore kept with every pupil-year; this table says which one it must have been.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

COMPUTED: Final = frozenset({"TT22-2021", "TT27-2020", "TT43-2021"})
"""Regulations we compute results by; those of the others are recorded as they stand on paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One circular: `since` gives per grade the first school year it applies in.

    `continuing` is True for giáo dục thường xuyên. `source` is the circular and article the dates are from.
    """

    regulation: str
    levels: tuple[str, ...]
    continuing: bool
    since: Mapping[int, str]
    source: str


def rules() -> tuple[Rule, ...]:
    """The whole table."""
    return _rules()


def regulation_for(level: str, grade: int, school_year: str, *, continuing: bool = False) -> str | None:
    """The regulation of a school year ("2024-2025"), or None when the table knows none that old.

    Of the circulars in force in that year the one that came last to that grade applies.
    """
    known = [
        (rule.since[grade], rule.regulation)
        for rule in _rules()
        if level in rule.levels and rule.continuing is continuing and grade in rule.since
    ]
    in_force = [each for each in known if each[0] <= school_year]
    return max(in_force)[1] if in_force else None


def mismatch(regulation: str, level: str, grade: int, school_year: str) -> str | None:
    """A Vietnamese sentence when a regulation is not the one of that year and grade; None when it is."""
    continuing = any(rule.continuing for rule in _rules() if rule.regulation == regulation)
    expected = regulation_for(level, grade, school_year, continuing=continuing)
    if expected == regulation:
        return None
    if expected is None:
        return f"không có quy định nào trong bảng áp dụng cho lớp {grade} năm học {school_year}."
    return f"lớp {grade} năm học {school_year} áp dụng {expected}, không phải {regulation}."


@cache
def _rules() -> tuple[Rule, ...]:
    text = resources.files("hocba.regulations").joinpath("data/applicability.json").read_text("utf-8")
    return tuple(
        Rule(
            regulation=row["regulation"],
            levels=tuple(row["levels"]),
            continuing=row["continuing"],
            since=MappingProxyType({int(grade): year for grade, year in row["from"].items()}),
            source=row["source"],
        )
        for row in json.loads(text)["rules"]
    )
