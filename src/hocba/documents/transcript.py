"""The transcript (học bạ số) of one pupil and school year as a frozen value: what the document says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocba.documents.people import Pupil, School, StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest with the name of its algorithm, written "sha256:<64 hex digits>" (hash agility)."""

    algorithm: str
    value: str

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.value}"

    @classmethod
    def parse(cls, text: str) -> Digest:
        """Read "sha256:<hex>"; raises ValueError on anything else."""
        algorithm, _, value = text.partition(":")
        if algorithm != "sha256" or len(value) != 64 or set(value) - set("0123456789abcdef"):
            raise ValueError(f"not a digest: {text!r}")
        return cls(algorithm=algorithm, value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyYear:
    """One row of the course of study (quá trình học tập)."""

    school_year: str
    class_name: str
    school_name: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectResult:
    """One row of page A.

    `kind` is "score" or "comment". Marks are strings with one decimal and a point ("8.0"), comment
    results are "D" or "CD", as in the JSON of `hocba evaluate`; None is printed as an empty cell.
    `teachers` are all who taught the subject to this pupil and must sign the row.
    """

    code: str
    name: str
    kind: str
    term1: str | None
    term2: str | None
    year: str | None
    after_retest: str | None = None
    remark: str = ""
    teachers: tuple[StaffMember, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelSeries:
    """Levels TOT, KHA, DAT or CHUA_DAT for term I, term II and the year."""

    term1: str | None
    term2: str | None
    year: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearResult:
    """Page B: conduct (rèn luyện), learning (học tập), absences, decisions, remarks.

    `promotion` is PROMOTED, RETEST, SUMMER_TRAINING or RETAINED; `title` XUAT_SAC, GIOI or None.
    """

    conduct: LevelSeries
    learning: LevelSeries
    conduct_after_summer: str | None = None
    learning_after_retest: str | None = None
    absences_excused: int = 0
    absences_unexcused: int = 0
    promotion: str | None = None
    title: str | None = None
    certificates: str = ""
    competitions: str = ""
    awards: str = ""
    homeroom_remark: str = ""
    principal_remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """Everything a transcript says, without any signature.

    `id` is a UUID of the transcript (all versions share it), `version` grows from 1. `regulation` is the
    rule version ("TT22-2021"), `form` the layout ("TT22-THCS"). `class_record` is the digest of the sealed
    class record of the year, `previous` that of the pupil's previous transcript (R185), `replaces` that of
    the version this one replaces. School years are written "2024-2025".
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
    subjects: tuple[SubjectResult, ...]
    result: YearResult
    homeroom_teacher: StaffMember
    principal: StaffMember
    class_record: Digest
    previous: Digest | None = None
    replaces: Digest | None = None
    register_number: str = ""
