"""The class record (sổ theo dõi và đánh giá học sinh, by class) as frozen values.

A tree of three kinds of document, each fixed by the digest its parent carries: one per class, subject and
term; one per class and term; one per class and year. One seal on the year fixes the whole book.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocba.documents.people import School, StaffMember
    from hocba.documents.transcript import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassIdentity:
    """Which class of which school and year a document is about; `id` is the document's own UUID."""

    id: str
    version: int
    school: School
    school_year: str
    class_name: str
    grade: int
    regulation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilMarks:
    """One pupil's row of a subject sheet. Marks as in `SubjectResult`; missing ones are None.

    `term_result` is ĐTBmhk or Đ/CĐ, `year_result` (second term only) ĐTBmcn or Đ/CĐ.
    """

    personal_id: str
    pupil_code: str
    name: str
    regular: tuple[str | None, ...]
    midterm: str | None
    final: str | None
    term_result: str | None
    year_result: str | None = None
    after_retest: str | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSheet:
    """One class, subject and term; signed by all `teachers`."""

    identity: ClassIdentity
    subject_code: str
    subject_name: str
    kind: str
    term: int
    teachers: tuple[StaffMember, ...]
    rows: tuple[PupilMarks, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilTerm:
    """One pupil's row of the term summary."""

    personal_id: str
    pupil_code: str
    name: str
    learning: str | None
    conduct: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRecord:
    """One class and term; signed by the homeroom teacher; carries the digest of every subject sheet."""

    identity: ClassIdentity
    term: int
    homeroom_teacher: StaffMember
    sheets: tuple[tuple[str, Digest], ...]  # (subject code, digest of the signed sheet)
    rows: tuple[PupilTerm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilYear:
    """One pupil's row of the year summary; levels and decisions as in `YearResult`."""

    personal_id: str
    pupil_code: str
    name: str
    learning: str | None
    conduct: str | None
    absences_excused: int
    absences_unexcused: int
    promotion: str | None
    title: str | None = None
    learning_after_retest: str | None = None
    conduct_after_summer: str | None = None
    homeroom_remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRecord:
    """One class and year; signed by homeroom teacher, then leadership, then the organisation seal."""

    identity: ClassIdentity
    homeroom_teacher: StaffMember
    principal: StaffMember
    terms: tuple[tuple[int, Digest], ...]  # (term, digest of the signed term record)
    rows: tuple[PupilYear, ...]
