"""Builds records for `evaluate`: every mark of a subject is the result wanted, so that the result is too."""

from __future__ import annotations

from typing import Any

from hocba.regulations import curriculum

SCORED = ("NGUVAN", "TOAN", "NN1", "GDCD", "LSDL", "KHTN", "CONGNGHE", "TINHOC")
COMMENTED = ("GDTC", "NGHETHUAT", "HDTNHN", "GDDP")


def subject(code: str, first: str, second: str | None = None, *, retest: str | None = None) -> dict[str, Any]:
    """A subject of THCS grade 9 whose term results are `first` and `second` (the same when left out)."""
    commented = first in ("D", "CD")
    regular = curriculum.regular_marks_required(code, "THCS", 9)
    terms = [
        {"regular": [mark] * regular, "midterm": mark, "final": mark} for mark in (first, second or first)
    ]
    kind = "comment" if commented else "score"
    return {"code": code, "kind": kind, "terms": terms, "retest": retest}


def year(
    *,
    scores: list[str] | None = None,
    comments: list[str] | None = None,
    retests: dict[str, str] | None = None,
    conduct: tuple[str | None, str | None] = ("TOT", "TOT"),
    after_summer: str | None = None,
    absences: int | None = 0,
    grade: int = 9,
) -> dict[str, Any]:
    """A pupil-year of THCS with 8 scored subjects (8.0 where not given) and 4 comment subjects (Đạt)."""
    scores = (scores or []) + ["8.0"] * (8 - len(scores or []))
    comments = (comments or []) + ["D"] * (4 - len(comments or []))
    results = dict(zip((*SCORED, *COMMENTED), (*scores, *comments), strict=True))
    return {
        "regulation": "TT22-2021",
        "level": "THCS",
        "grade": grade,
        "subjects": [
            subject(code, result, retest=(retests or {}).get(code)) for code, result in results.items()
        ],
        "conduct": {"terms": list(conduct), "after_summer": after_summer},
        "absences": absences,
    }
