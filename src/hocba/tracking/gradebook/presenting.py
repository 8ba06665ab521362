"""Tables for the pages: what a book says, in the words people read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.documents import labels
from hocba.tracking.gradebook.compile import required_marks
from hocba.tracking.gradebook.reporting import rows_of
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from hocba.tracking.gradebook.compile import ClassBook


def class_table(book: ClassBook) -> dict[str, Any]:
    """Subjects as columns, pupils as rows: year results, levels, absences, promotion, title."""
    group = book.group
    rows = []
    for pupil in book.pupils:
        result, summary = book.results[pupil.code], book.summaries.get(pupil.code)
        by_code = book.subject_results[pupil.code]
        rows.append(
            {
                "pupil": pupil,
                # None where a mark is missing, empty where the pupil has not chosen the subject.
                "marks": [by_code[code]["year"] if code in by_code else "" for code in group.subjects],
                "learning": _level(result["learning"]["year"]),
                "conduct": _level(result["conduct"]["year"]),
                "excused": summary.absences_excused if summary else None,
                "unexcused": summary.absences_unexcused if summary else None,
                "promotion": labels.PROMOTIONS.get(result["promotion"], "–"),
                "title": labels.TITLES.get(result["title"], ""),
                "remark": summary.homeroom_remark if summary else "",
            }
        )
    names = [roster.subject_name(code, group.level, group.school_year) for code in group.subjects]
    return {"subjects": list(zip(group.subjects, names, strict=True)), "rows": rows}


def sheet_table(book: ClassBook, subject_code: str, term: int) -> dict[str, Any]:
    """The sheet as the mark book prints it."""
    rows = rows_of(book, subject_code, term)
    columns = max([required_marks(subject_code, book.group), *(len(row.regular) for row in rows)])
    return {
        "subject": roster.subject_name(subject_code, book.group.level, book.group.school_year),
        "columns": range(1, columns + 1),
        "rows": [
            {"marks": row, "regular": [*row.regular, *[None] * (columns - len(row.regular))]} for row in rows
        ],
    }


def _level(level: str | None) -> str:
    return labels.LEVELS.get(level, "–") if level else "–"
