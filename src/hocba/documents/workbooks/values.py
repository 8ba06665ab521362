"""What the workbooks of a school say, as frozen values, and the problems found on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocba.documents.people import Relative, Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: file name, sheet name, row as Excel counts it (from 1)."""

    file: str
    sheet: str
    row: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """The school as the title lines of its workbooks name it; school year "2024-2025"."""

    code: str
    name: str
    school_year: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilRow:
    """A row of the list of pupils.

    `personal_id` is None when there is none or when what stands there is none (reported). `birth_date` is
    ISO 8601 and may be partial ("2013-07", "2013").
    """

    source: Place
    code: str
    personal_id: str | None
    name: str
    birth_date: str | None
    sex: Sex | None
    class_name: str
    status: str
    attending: bool
    ethnic_group: str
    nationality: str
    birthplace: str
    residence: str
    disability: str
    father: Relative | None
    mother: Relative | None
    phone: str
    status_date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """A row of the list of staff; `position` is "Cán bộ quản lý", "Giáo viên" …, `post` "Hiệu trưởng" …"""

    source: Place
    code: str
    name: str
    email: str
    birth_date: str | None
    sex: Sex | None
    personal_id: str | None
    status: str
    position: str
    post: str
    subject_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRow:
    """Who teaches which subject to which class in which term."""

    source: Place
    class_name: str
    subject_code: str
    term: int
    staff_code: str
    staff_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeroomRow:
    """The homeroom teacher of a class."""

    source: Place
    class_name: str
    staff_code: str
    staff_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """One pupil's row of a mark sheet.

    Marks are "8.0", or "D" and "CD" in comment-only subjects; None where there is no mark.
    """

    source: Place
    class_name: str
    subject_code: str
    term: int
    pupil_code: str
    name: str
    birth_date: str | None
    regular: tuple[str | None, ...]
    midterm: str | None
    final: str | None
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """One pupil's row of the class summary; conduct TOT, KHA, DAT, CHUA_DAT or None.

    Absences are None only when the cell could not be read, which is a blocking problem.
    """

    source: Place
    class_name: str
    pupil_code: str
    name: str
    conduct_term1: str | None
    conduct_term2: str | None
    absences_excused: int | None
    absences_unexcused: int | None
    homeroom_remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimarySubject:
    """A subject of tiểu học at one time of the year: level T, H or C, test mark "0" to "10", remark."""

    code: str
    level: str | None
    test: str | None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryRow:
    """One pupil's row of the summary of educational results of tiểu học (TT 27/2020).

    `time` is 0 to 3: middle and end of term I, middle and end of term II. `traits` are qualities and
    competences by code with level T, D or C. The last fields are filled at the year end only.
    """

    source: Place
    class_name: str
    time: int
    pupil_code: str
    name: str
    subjects: tuple[PrimarySubject, ...]
    traits: tuple[tuple[str, str | None], ...]
    overall: str | None
    completed: bool | None
    promoted: bool | None
    award: str
    absences_excused: int | None
    absences_unexcused: int | None
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolData:
    """Everything the workbooks say, row by row, in their order."""

    school: School
    pupils: tuple[PupilRow, ...]
    staff: tuple[StaffRow, ...]
    assignments: tuple[AssignmentRow, ...]
    homerooms: tuple[HomeroomRow, ...]
    marks: tuple[MarkRow, ...]
    summaries: tuple[SummaryRow, ...]
    primary: tuple[PrimaryRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One flaw at one place.

    `column` is the header as it stands in the file (blanks normalised), `value` what was found there,
    `code` stable for programs, `message` a Vietnamese sentence: what is wrong and what to do. A blocking
    problem forbids committing; any other was normalised or is left to people to judge.
    """

    file: str
    sheet: str
    row: int | None
    column: str | None
    value: str | None
    code: str
    blocking: bool
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much was read; `marks` counts single marks, not rows."""

    pupils: int
    staff: int
    classes: int
    marks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolReading:
    """Outcome of reading: `data` is None when there are no pupils or no staff to be read."""

    data: SchoolData | None
    problems: tuple[Problem, ...]
    counts: Counts

    @property
    def blocked(self) -> bool:
        """Whether any problem forbids committing."""
        return any(problem.blocking for problem in self.problems)
