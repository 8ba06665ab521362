"""Tables for the pages of a class of tiểu học: what its book says, in the words people read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.documents import labels
from hocba.regulations.circular27 import rules
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from hocba.documents.primary import TraitLevel
    from hocba.tracking.gradebook.models import PrimarySummaryRow
    from hocba.tracking.gradebook.primary_books import PrimaryBook

LAST_TERM = 2
PROPOSALS = {
    "COMPLETED": "Hoàn thành",
    "SUPPORT": "Hướng dẫn, giúp đỡ rồi đánh giá bổ sung",
    "PRINCIPAL_DECIDES": "Hiệu trưởng quyết định",
}
TITLES = {
    "XUAT_SAC": "Học sinh Xuất sắc",
    "TIEU_BIEU": "Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện",
}
_NOMINATION = "Có thể xét danh hiệu Học sinh Tiêu biểu"


def class_table(book: PrimaryBook) -> dict[str, Any]:
    """The year end: subjects, qualities and competences, decisions with what the circular proposes beside them."""
    group = book.group
    year_end = {
        code: {row.pupil_code: row for row in book.rows_of(code, LAST_TERM)} for code in group.subjects
    }
    rows = []
    for pupil in book.pupils:
        marks = [year_end[code].get(pupil.code) for code in group.subjects]
        rows.append(
            {
                "pupil": pupil,
                # None where the pupil does not take the subject.
                "subjects": [(row.end_level, row.end_test) if row else None for row in marks],
                "traits": [_short(trait) for trait in book.traits_of(pupil.code, LAST_TERM)],
                **_decisions(book.summaries.get(pupil.code), group.grade),
                **_proposed(book.proposals.get(pupil.code), group.grade),
            }
        )
    names = [roster.subject_name(code, group.level, group.school_year) for code in group.subjects]
    return {
        "subjects": list(zip(group.subjects, names, strict=True)),
        "traits": list(book.traits.values()),
        "rows": rows,
    }


def sheet_table(book: PrimaryBook, subject_code: str, term: int) -> dict[str, Any]:
    """The sheet of a subject and term; tests only where the grade holds them."""
    middle, end = 2 * (term - 1), 2 * term - 1
    held = book.tested_at(subject_code)
    return {
        "subject": roster.subject_name(subject_code, book.group.level, book.group.school_year),
        "middle": _capitalised(rules.TIMES[middle]),
        "end": _capitalised(rules.TIMES[end]),
        "has_middle_test": middle in held,
        "has_end_test": end in held,
        "rows": [
            {
                "name": row.name,
                "middle_level": labels.subject_level(row.middle_level) or "–",
                "middle_test": row.middle_test or "–",
                "end_level": labels.subject_level(row.end_level) or "–",
                "end_test": row.end_test or "–",
                "remark": row.remark,
            }
            for row in book.rows_of(subject_code, term)
        ],
    }


def _decisions(summary: PrimarySummaryRow | None, grade: int) -> dict[str, Any]:
    if summary is None:
        return dict.fromkeys(("overall", "completed", "promoted", "award", "remark"), "") | {
            "excused": None,
            "unexcused": None,
        }
    return {
        "overall": labels.overall(summary.overall),
        "completed": labels.completion_of(grade, completed=summary.completed),
        "promoted": labels.advancement(promoted=summary.promoted),
        "award": summary.award,
        "remark": summary.homeroom_remark,
        "excused": summary.absences_excused,
        "unexcused": summary.absences_unexcused,
    }


def _proposed(proposal: dict[str, Any] | None, grade: int) -> dict[str, str]:
    """What the circular proposes; empty while results are missing."""
    if proposal is None:
        return dict.fromkeys(("proposed_overall", "proposed_completion", "proposed_title"), "")
    completion = PROPOSALS.get(proposal["completion"]["proposal"], "")
    if proposal["completion"]["proposal"] == "COMPLETED":
        completion = labels.completion_of(grade, completed=True)
    title = TITLES.get(proposal["title"], _NOMINATION if proposal["title_needs_nomination"] else "")
    return {
        "proposed_overall": labels.overall(proposal["overall"]["year"]),
        "proposed_completion": completion,
        "proposed_title": title,
    }


def _short(trait: TraitLevel) -> str:
    return labels.TRAIT_LEVELS_SHORT[trait.end] if trait.end else "–"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
