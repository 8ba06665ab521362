"""From the gradebook and signed children to the values of documents, with everything that is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.documents.class_record import (
    PupilTerm,
    PupilYear,
    SubjectSheet,
    TermRecord,
    YearRecord,
)
from hocba.regulations import curriculum
from hocba.tracking.gradebook import queries as gradebook
from hocba.tracking.gradebook.compile import REGULATION, kind_of
from hocba.tracking.roster import queries as roster
from hocba.tracking.sealing import compile_primary
from hocba.tracking.sealing.drafts import (
    Draft,
    Sources,
    identity,
    problems_of_untaught,
    sheets_in_order,
    signers_of_year,
    terms_in_order,
    without_homeroom,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocba.tracking.sealing.drafts import Part
    from hocba.tracking.sealing.models import Document

__all__ = ["Draft", "Sources", "subject_sheet", "term_record", "year_record"]


def subject_sheet(document: Document, sources: Sources) -> Draft:
    """The sheet of one subject and term."""
    if isinstance(sources.book, gradebook.PrimaryBook):
        return compile_primary.subject_sheet(document, sources, sources.book)
    book = sources.book
    group, term, code = book.group, document.term, document.subject_code
    teachers = sources.teachers.get(roster.Cell(group.name, code, term), ())
    rows = gradebook.rows_of(book, code, term)
    subject_name = roster.subject_name(code, group.level, group.school_year)
    problems = [] if teachers else [f"Chưa phân công giáo viên dạy môn {subject_name}."]
    problems += [] if rows else [f"Không có học sinh nào của lớp học môn {subject_name}."]
    problems += [
        f"{pupil.name} ({pupil.code}) có điểm nhưng không chọn học môn {subject_name}."
        for pupil in book.strays_on(code, term)
    ]
    problems += [
        f"{row.name} ({row.pupil_code}) chưa có đủ điểm, đánh giá của môn {subject_name}, "
        f"{roster.term_name(term)}."
        for row in rows
        if row.term_result is None
    ]
    value = SubjectSheet(
        identity=identity(document, sources, REGULATION),
        subject_code=code,
        subject_name=subject_name,
        kind=kind_of(code, group),
        term=term,
        teachers=teachers,
        rows=rows,
    )
    signers = {"subject_teacher": [teacher.code for teacher in teachers]}
    return Draft(value=value, signers=signers, problems=tuple(problems))


def term_record(document: Document, sources: Sources, sheets: Iterable[Part]) -> Draft:
    """The term of a class over its signed subject sheets."""
    if isinstance(sources.book, gradebook.PrimaryBook):
        return compile_primary.term_record(document, sources, sources.book, sheets)
    book = sources.book
    term = document.term
    rows, problems = [], [*problems_of_untaught(sources, term), *_problems_of_choices(book)]
    for pupil in book.pupils:
        summary = book.summaries.get(pupil.code)
        conduct = getattr(summary, f"conduct_term{term}", None)
        learning = book.results[pupil.code]["learning"]["terms"][term - 1]
        if conduct is None or learning is None:
            what = "kết quả rèn luyện" if conduct is None else "kết quả học tập"
            problems.append(f"{pupil.name} ({pupil.code}) chưa có {what} {roster.term_name(term)}.")
        rows.append(
            PupilTerm(
                personal_id=pupil.personal_id,
                pupil_code=pupil.code,
                name=pupil.name,
                learning=learning,
                conduct=conduct,
            )
        )
    if sources.homeroom is None:
        return without_homeroom(sources, problems)
    value = TermRecord(
        identity=identity(document, sources, REGULATION),
        term=term,
        homeroom_teacher=sources.homeroom,
        sheets=sheets_in_order(sources, sheets),
        rows=tuple(rows),
    )
    signers = {"homeroom_teacher": [sources.homeroom.code]}
    return Draft(value=value, signers=signers, problems=tuple(problems))


def year_record(document: Document, sources: Sources, terms: Iterable[Part]) -> Draft:
    """The year of a class over its two signed terms."""
    if isinstance(sources.book, gradebook.PrimaryBook):
        return compile_primary.year_record(document, sources, sources.book, terms)
    book = sources.book
    rows, problems = [], []
    for pupil in book.pupils:
        row, missing = _pupil_year(pupil, book)
        rows.append(row)
        problems += [f"{pupil.name} ({pupil.code}) chưa có {what}." for what in missing]
    if sources.principal is None:
        problems.append("Danh sách nhân sự không nêu đúng một hiệu trưởng đang làm việc.")
    if sources.homeroom is None or sources.principal is None:
        return without_homeroom(sources, problems)
    value = YearRecord(
        identity=identity(document, sources, REGULATION),
        homeroom_teacher=sources.homeroom,
        principal=sources.principal,
        terms=terms_in_order(terms),
        rows=tuple(rows),
    )
    signers = signers_of_year(sources, sources.homeroom, sources.principal)
    return Draft(value=value, signers=signers, problems=tuple(problems))


def _problems_of_choices(book: gradebook.ClassBook) -> list[str]:
    """Pupils who have not chosen as many subjects as the programme says (TT 13/2022)."""
    group = book.group
    return [
        f"{pupil.name} ({pupil.code}): {problem}"
        for pupil in book.pupils
        for problem in curriculum.choice_problems(
            group.level, group.grade, book.subjects_of_pupils[pupil.code], group.school_year
        )
    ]


def _pupil_year(pupil: roster.PupilName, book: gradebook.ClassBook) -> tuple[PupilYear, list[str]]:
    result: dict[str, Any] = book.results[pupil.code]
    summary = book.summaries.get(pupil.code)
    excused = summary.absences_excused if summary else None
    unexcused = summary.absences_unexcused if summary else None
    needed = {
        "kết quả học tập cả năm": result["learning"]["year"],
        "kết quả rèn luyện cả năm": result["conduct"]["year"],
        "số buổi nghỉ học": None if excused is None else unexcused,
        "kết quả xét lên lớp": result["promotion"],
    }
    row = PupilYear(
        personal_id=pupil.personal_id,
        pupil_code=pupil.code,
        name=pupil.name,
        learning=result["learning"]["year"],
        conduct=result["conduct"]["year"],
        absences_excused=excused or 0,
        absences_unexcused=unexcused or 0,
        promotion=result["promotion"],
        title=result["title"],
        learning_after_retest=result["learning"]["after_retest"],
        conduct_after_summer=result["conduct"]["after_summer"],
        homeroom_remark=summary.homeroom_remark if summary else "",
    )
    return row, [what for what, value in needed.items() if value is None]
