"""From the gradebook and signed children to the values of documents, with everything that is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hocba.documents.class_record import (
    ClassIdentity,
    PupilTerm,
    PupilYear,
    SubjectSheet,
    TermRecord,
    YearRecord,
)
from hocba.documents.transcript import Digest
from hocba.regulations import curriculum
from hocba.tracking.gradebook import queries as gradebook
from hocba.tracking.gradebook.compile import REGULATION, kind_of
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocba.documents import people
    from hocba.documents.people import StaffMember
    from hocba.tracking.sealing.models import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What the documents of one class are made of."""

    school: people.School
    book: gradebook.ClassBook
    teachers: Mapping[roster.Cell, tuple[StaffMember, ...]]
    homeroom: StaffMember | None
    principal: StaffMember | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document as it would be frozen, who must sign it, and what is missing (then `value` may be None)."""

    value: SubjectSheet | TermRecord | YearRecord | None
    signers: dict[str, list[str]]
    problems: tuple[str, ...]


def subject_sheet(document: Document, sources: Sources) -> Draft:
    """The sheet of one subject and term."""
    group, term, code = sources.book.group, document.term, document.subject_code
    teachers = sources.teachers.get(roster.Cell(group.name, code, term), ())
    rows = gradebook.rows_of(sources.book, code, term)
    subject_name = roster.subject_name(code, group.level, group.school_year)
    problems = [] if teachers else [f"Chưa phân công giáo viên dạy môn {subject_name}."]
    problems += [] if rows else [f"Không có học sinh nào của lớp học môn {subject_name}."]
    problems += [
        f"{pupil.name} ({pupil.code}) có điểm nhưng không chọn học môn {subject_name}."
        for pupil in sources.book.strays_on(code, term)
    ]
    problems += [
        f"{row.name} ({row.pupil_code}) chưa có đủ điểm, đánh giá của môn {subject_name}, "
        f"{roster.term_name(term)}."
        for row in rows
        if row.term_result is None
    ]
    value = SubjectSheet(
        identity=_identity(document, sources),
        subject_code=code,
        subject_name=subject_name,
        kind=kind_of(code, group),
        term=term,
        teachers=teachers,
        rows=rows,
    )
    signers = {"subject_teacher": [teacher.code for teacher in teachers]}
    return Draft(value=value, signers=signers, problems=tuple(problems))


def term_record(document: Document, sources: Sources, sheets: Iterable[Document]) -> Draft:
    """The term of a class over its signed subject sheets."""
    term = document.term
    rows, problems = [], _problems_of_choices(sources.book)
    for pupil in sources.book.pupils:
        summary = sources.book.summaries.get(pupil.code)
        conduct = getattr(summary, f"conduct_term{term}", None)
        learning = sources.book.results[pupil.code]["learning"]["terms"][term - 1]
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
        return _without_homeroom(sources, problems)
    order = {code: place for place, code in enumerate(sources.book.group.subjects)}
    children = sorted(sheets, key=lambda sheet: order.get(sheet.subject_code, len(order)))
    value = TermRecord(
        identity=_identity(document, sources),
        term=term,
        homeroom_teacher=sources.homeroom,
        sheets=tuple((child.subject_code, _digest(child)) for child in children),
        rows=tuple(rows),
    )
    signers = {"homeroom_teacher": [sources.homeroom.code]}
    return Draft(value=value, signers=signers, problems=tuple(problems))


def year_record(document: Document, sources: Sources, terms: Iterable[Document]) -> Draft:
    """The year of a class over its two signed terms."""
    rows, problems = [], []
    for pupil in sources.book.pupils:
        row, missing = _pupil_year(pupil, sources.book)
        rows.append(row)
        problems += [f"{pupil.name} ({pupil.code}) chưa có {what}." for what in missing]
    if sources.principal is None:
        problems.append("Danh sách nhân sự không nêu đúng một hiệu trưởng đang làm việc.")
    if sources.homeroom is None or sources.principal is None:
        return _without_homeroom(sources, problems)
    value = YearRecord(
        identity=_identity(document, sources),
        homeroom_teacher=sources.homeroom,
        principal=sources.principal,
        terms=tuple((child.term, _digest(child)) for child in sorted(terms, key=lambda each: each.term)),
        rows=tuple(rows),
    )
    signers = {
        "homeroom_teacher": [sources.homeroom.code],
        "principal": [sources.principal.code],
        "seal": [sources.school.code],
    }
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


def _without_homeroom(sources: Sources, problems: list[str]) -> Draft:
    if sources.homeroom is None:
        problems = [*problems, f"Lớp {sources.book.group.name} chưa được phân công giáo viên chủ nhiệm."]
    return Draft(value=None, signers={}, problems=tuple(problems))


def _identity(document: Document, sources: Sources) -> ClassIdentity:
    group = sources.book.group
    return ClassIdentity(
        id=str(document.uuid),
        version=document.version,
        school=sources.school,
        school_year=group.school_year,
        class_name=group.name,
        grade=group.grade,
        regulation=REGULATION,
    )


def _digest(document: Document) -> Digest:
    return Digest(algorithm="sha256", value=document.file_digest)
