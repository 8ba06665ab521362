"""The documents of a class of tiểu học (TT 27/2020): what they would say, and what is missing.

Decisions of people are taken as they were entered; what the circular proposes is shown to them and stands nowhere here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents.primary import (
    PrimaryMarks,
    PrimaryPupilTerm,
    PrimaryPupilYear,
    PrimarySubjectSheet,
    PrimaryTermRecord,
    PrimaryYearRecord,
)
from hocba.regulations.circular27 import rules
from hocba.tracking.gradebook.primary_books import REGULATION
from hocba.tracking.roster import queries as roster
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
    from collections.abc import Iterable, Iterator

    from hocba.tracking.gradebook.primary_books import PrimaryBook
    from hocba.tracking.sealing.drafts import Part
    from hocba.tracking.sealing.models import Document


def subject_sheet(document: Document, sources: Sources, book: PrimaryBook) -> Draft:
    """The sheet of one subject and term."""
    group, term, code = book.group, document.term, document.subject_code
    teachers = sources.teachers.get(roster.Cell(group.name, code, term), ())
    rows = book.rows_of(code, term)
    name = roster.subject_name(code, group.level, group.school_year)
    problems = [] if teachers else [f"Chưa phân công giáo viên dạy môn {name}."]
    problems += [] if rows else [f"Không có học sinh nào của lớp học môn {name}."]
    problems += [
        f"{pupil.name} ({pupil.code}) có kết quả nhưng không chọn học môn {name}."
        for pupil in book.strays_on(code, term)
    ]
    problems += _missing(book, code, term, rows, name)
    value = PrimarySubjectSheet(
        identity=identity(document, sources, REGULATION),
        subject_code=code,
        subject_name=name,
        term=term,
        teachers=teachers,
        rows=rows,
    )
    signers = {"subject_teacher": [teacher.code for teacher in teachers]}
    return Draft(value=value, signers=signers, problems=tuple(problems))


def _missing(
    book: PrimaryBook, code: str, term: int, rows: tuple[PrimaryMarks, ...], name: str
) -> Iterator[str]:
    """Levels and tests of the end of the term, of everybody; of its middle, unless somebody came later."""
    middle, end = 2 * (term - 1), 2 * term - 1
    held = book.tested_at(code)
    if rows and not any(row.middle_level for row in rows):
        yield f"Lớp chưa có mức đạt được {rules.TIMES[middle]} của môn {name}."
    if rows and middle in held and not any(row.middle_test for row in rows):
        yield f"Lớp chưa có điểm kiểm tra {rules.TIMES[middle]} của môn {name}."
    for row in rows:
        if row.end_level is None:
            yield f"{row.name} ({row.pupil_code}) chưa có mức đạt được {rules.TIMES[end]} của môn {name}."
        if end in held and row.end_test is None:
            yield f"{row.name} ({row.pupil_code}) chưa có điểm kiểm tra {rules.TIMES[end]} của môn {name}."


def term_record(document: Document, sources: Sources, book: PrimaryBook, sheets: Iterable[Part]) -> Draft:
    """The term of a class over its signed subject sheets."""
    term, rows = document.term, []
    # The circular assesses every subject at the end of both terms.
    problems = problems_of_untaught(sources, term, book.group.subjects)
    for pupil in book.pupils:
        traits = book.traits_of(pupil.code, term)
        lacking = [book.traits[trait.code] for trait in traits if trait.end is None]
        if lacking:
            problems.append(
                f"{pupil.name} ({pupil.code}) chưa có mức đạt được {rules.TIMES[2 * term - 1]} về: "
                f"{', '.join(lacking)}."
            )
        summary = book.summaries.get(pupil.code)
        rows.append(
            PrimaryPupilTerm(
                personal_id=pupil.personal_id,
                pupil_code=pupil.code,
                name=pupil.name,
                traits=traits,
                remark=getattr(summary, f"remark_term{term}", ""),
            )
        )
    if sources.homeroom is None:
        return without_homeroom(sources, problems)
    value = PrimaryTermRecord(
        identity=identity(document, sources, REGULATION),
        term=term,
        homeroom_teacher=sources.homeroom,
        sheets=sheets_in_order(sources, sheets),
        rows=tuple(rows),
    )
    signers = {"homeroom_teacher": [sources.homeroom.code]}
    return Draft(value=value, signers=signers, problems=tuple(problems))


def year_record(document: Document, sources: Sources, book: PrimaryBook, terms: Iterable[Part]) -> Draft:
    """The year of a class over its two signed terms."""
    rows, problems = [], []
    for pupil in book.pupils:
        row, missing = _pupil_year(pupil, book)
        rows.append(row)
        problems += [f"{pupil.name} ({pupil.code}) chưa có {what}." for what in missing]
    if sources.principal is None:
        problems.append("Danh sách nhân sự không nêu đúng một hiệu trưởng đang làm việc.")
    if sources.homeroom is None or sources.principal is None:
        return without_homeroom(sources, problems)
    value = PrimaryYearRecord(
        identity=identity(document, sources, REGULATION),
        homeroom_teacher=sources.homeroom,
        principal=sources.principal,
        terms=terms_in_order(terms),
        rows=tuple(rows),
    )
    signers = signers_of_year(sources, sources.homeroom, sources.principal)
    return Draft(value=value, signers=signers, problems=tuple(problems))


def _pupil_year(pupil: roster.PupilName, book: PrimaryBook) -> tuple[PrimaryPupilYear, list[str]]:
    summary = book.summaries.get(pupil.code)
    overall = summary.overall if summary else None
    completed = summary.completed if summary else None
    promoted = summary.promoted if summary else None
    excused = summary.absences_excused if summary else None
    unexcused = summary.absences_unexcused if summary else None
    needed = {
        "kết quả đánh giá giáo dục cuối năm": overall,
        "quyết định hoàn thành chương trình lớp học": completed,
        "quyết định lên lớp": promoted,
        "số buổi nghỉ học": None if excused is None else unexcused,
    }
    row = PrimaryPupilYear(
        personal_id=pupil.personal_id,
        pupil_code=pupil.code,
        name=pupil.name,
        overall=overall,
        completed=completed,
        promoted=promoted,
        award=summary.award if summary else "",
        absences_excused=excused or 0,
        absences_unexcused=unexcused or 0,
        remark=summary.homeroom_remark if summary else "",
    )
    return row, [what for what, value in needed.items() if value is None]
