"""Transcript and class record of tiểu học (TT 27/2020) as frozen values: what the documents say.

The class record is the same tree as that of secondary schools: a sheet per class, subject and term, a record per
class and term, one per class and year. What is assessed differs: levels at the middle and the end of each term,
tests without decimals, qualities and competences, and a decision on the grade that people take (Điều 11).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocba.documents.class_record import ClassIdentity
    from hocba.documents.people import Pupil, School, StaffMember
    from hocba.documents.transcript import Digest, StudyYear


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryMarks:
    """One pupil's row of a subject sheet of one term.

    Levels are T (hoàn thành tốt), H (hoàn thành) or C (chưa hoàn thành), tests "0" to "10" without decimals
    where the grade has a periodic test at that time (Điều 7); None where there is none.
    """

    personal_id: str
    pupil_code: str
    name: str
    middle_level: str | None
    middle_test: str | None
    end_level: str | None
    end_test: str | None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimarySubjectSheet:
    """One class, subject and term; signed by all `teachers`."""

    identity: ClassIdentity
    subject_code: str
    subject_name: str
    term: int
    teachers: tuple[StaffMember, ...]
    rows: tuple[PrimaryMarks, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitLevel:
    """A quality or competence by code at the middle and the end of a term: T (tốt), D (đạt), C (cần cố gắng)."""

    code: str
    middle: str | None
    end: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryPupilTerm:
    """One pupil's row of the term record: qualities first, then competences, in the order of the form."""

    personal_id: str
    pupil_code: str
    name: str
    traits: tuple[TraitLevel, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryTermRecord:
    """One class and term; signed by the homeroom teacher; carries the digest of every subject sheet."""

    identity: ClassIdentity
    term: int
    homeroom_teacher: StaffMember
    sheets: tuple[tuple[str, Digest], ...]  # (subject code, digest of the signed sheet)
    rows: tuple[PrimaryPupilTerm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryPupilYear:
    """One pupil's row of the year record.

    `overall` is HOAN_THANH_XUAT_SAC, HOAN_THANH_TOT, HOAN_THANH or CHUA_HOAN_THANH (Điều 9); `completed` (the
    grade, or in grade 5 primary school) and `promoted` are decisions of people (Điều 11), never computed here.
    """

    personal_id: str
    pupil_code: str
    name: str
    overall: str | None
    completed: bool | None
    promoted: bool | None
    award: str = ""
    absences_excused: int = 0
    absences_unexcused: int = 0
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryYearRecord:
    """One class and year; signed by homeroom teacher, then leadership, then the organisation seal."""

    identity: ClassIdentity
    homeroom_teacher: StaffMember
    principal: StaffMember
    terms: tuple[tuple[int, Digest], ...]  # (term, digest of the signed term record)
    rows: tuple[PrimaryPupilYear, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimarySubjectResult:
    """One row of "Các môn học và hoạt động giáo dục" of the transcript: the year end.

    `teachers` are all who taught the subject to this pupil and must sign the row (Quy chế Điều 9.1).
    """

    code: str
    name: str
    level: str | None
    test: str | None
    remark: str = ""
    teachers: tuple[StaffMember, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitResult:
    """A quality or competence at the year end. `group` is QUALITY, GENERAL or SPECIFIC competence."""

    code: str
    name: str
    group: str
    level: str | None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryYearResult:
    """Sections 4 to 6 of the year's page; fields as in `PrimaryPupilYear`."""

    overall: str | None
    completed: bool | None
    promoted: bool | None
    award: str = ""
    absences_excused: int = 0
    absences_unexcused: int = 0
    homeroom_remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryTranscript:
    """Everything a transcript of tiểu học says of one year, without any signature; fields as in `Transcript`.

    `regulation` is "TT27-2020", `form` "TT27-TH", `level` "TH".
    """

    id: str
    version: int
    regulation: str
    form: str
    level: str
    grade: int
    class_name: str
    school_year: str
    school: School
    pupil: Pupil
    course_of_study: tuple[StudyYear, ...]
    subjects: tuple[PrimarySubjectResult, ...]
    traits: tuple[TraitResult, ...]
    result: PrimaryYearResult
    homeroom_teacher: StaffMember
    principal: StaffMember
    class_record: Digest
    previous: Digest | None = None
    replaces: Digest | None = None
    register_number: str = ""
