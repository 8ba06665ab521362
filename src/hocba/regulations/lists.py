"""The lists a homeroom teacher makes of a class (Quy chế Điều 22 khoản 4), from the answers of `evaluate`.

The keys of pupils are the caller's own (a personal ID, a row number); the lists keep their order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from hocba.regulations.circular22.thresholds import CIRCULAR_22
from hocba.regulations.levels import NAMES
from hocba.regulations.marks import TENTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Key = TypeVar("Key")


@dataclass(slots=True, kw_only=True)
class YearLists:
    """Every pupil of the class is in exactly one of the lists up to `undecided`; titles stand beside them."""

    promoted: list[Any] = field(default_factory=list)
    promoted_after_retest: list[Any] = field(default_factory=list)
    promoted_after_summer: list[Any] = field(default_factory=list)
    retained: list[Any] = field(default_factory=list)
    retest: list[tuple[Any, tuple[str, ...]]] = field(default_factory=list)  # pupil, subject codes
    summer_training: list[Any] = field(default_factory=list)
    undecided: list[tuple[Any, tuple[str, ...]]] = field(default_factory=list)  # pupil, reasons
    excellent: list[Any] = field(default_factory=list)  # Học sinh Xuất sắc
    good: list[Any] = field(default_factory=list)  # Học sinh Giỏi


def year_lists(answers: Iterable[tuple[Any, Mapping[str, Any]]]) -> YearLists:
    """Sort the pupils of a class by what the year came to (TT 22/2021 Điều 12 to 15)."""
    lists = YearLists()
    for pupil, answer in answers:
        _sort_in(lists, pupil, answer)
        if answer["title"] == "XUAT_SAC":
            lists.excellent.append(pupil)
        elif answer["title"] == "GIOI":
            lists.good.append(pupil)
    return lists


def _sort_in(lists: YearLists, pupil: Any, answer: Mapping[str, Any]) -> None:
    promotion = answer["promotion"]
    if promotion == "RETAINED":
        lists.retained.append(pupil)
    elif promotion == "SUMMER_TRAINING":
        lists.summer_training.append(pupil)
    elif promotion == "RETEST":
        lists.retest.append((pupil, subjects_to_retest(answer)))
    elif promotion is None:
        lists.undecided.append((pupil, tuple(answer["reasons"])))
    elif answer["learning"]["after_retest"] is not None:
        lists.promoted_after_retest.append(pupil)
    elif answer["conduct"]["after_summer"] is not None:
        lists.promoted_after_summer.append(pupil)
    else:
        lists.promoted.append(pupil)


def subjects_to_retest(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes of the subjects a pupil may be assessed again in (TT 22/2021 Điều 14): under 5.0 or Chưa đạt."""
    return tuple(
        subject["code"]
        for subject in answer["subjects"]
        if subject["year"] == "CD" or TENTHS.get(subject["year"], 100) < CIRCULAR_22.retest_below
    )


def learning_lists(
    answers: Iterable[tuple[Key, Mapping[str, Any]]], term: int | None = None
) -> dict[str | None, list[Key]]:
    """Pupils by learning level (TOT to CHUA_DAT, None while not known) of term 1, term 2 or the year (None)."""
    lists: dict[str | None, list[Key]] = {name: [] for name in reversed(NAMES)}
    lists[None] = []
    for pupil, answer in answers:
        learning = answer["learning"]
        lists[learning["year"] if term is None else learning["terms"][term - 1]].append(pupil)
    return lists
