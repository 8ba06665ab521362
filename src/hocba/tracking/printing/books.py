"""What the forms of a class and of a teacher say, as values.

Those of secondary schools come from the drafts of the class record, those of tiểu học from the gradebook; particulars
of the pupils from the roster message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hocba.documents.class_record import SubjectSheet, TermRecord, YearRecord
from hocba.documents.forms import (
    BookPupil,
    ClassBook,
    InconsistentClassBook,
    PrimaryPupil,
    PrimarySummary,
    TeacherBook,
)
from hocba.regulations.applicability import mismatch
from hocba.regulations.circular27 import rules
from hocba.tracking.gradebook import queries as gradebook
from hocba.tracking.roster import queries as roster
from hocba.tracking.sealing import outlook

if TYPE_CHECKING:
    from hocba.documents.people import Pupil, School, StaffMember

_YEAR_END: Final = ("absences_excused", "absences_unexcused", "overall", "completed", "promoted", "award")


class NotPrintableError(Exception):
    """There is no such form for this class now; the message says why."""


def class_book(group: roster.Class) -> ClassBook:
    """The book of a class as things stand. Raises NotPrintableError."""
    heads = _heads_of(group)
    values = outlook.drafts_of(group)
    particulars = roster.particulars_of(group.school_code, group.school_year).get(group.name, [])
    try:
        return ClassBook(
            school=heads.school,
            school_year=group.school_year,
            class_name=group.name,
            grade=group.grade,
            homeroom_teacher=heads.homeroom,
            principal=heads.principal,
            pupils=tuple(BookPupil(pupil=pupil) for pupil in particulars),
            sheets=tuple(each for each in values if isinstance(each, SubjectSheet)),
            terms=tuple(each for each in values if isinstance(each, TermRecord)),
            year=next((each for each in values if isinstance(each, YearRecord)), None),
        )
    except InconsistentClassBook as error:
        raise NotPrintableError(str(error)) from error


def primary_summaries(group: roster.Class) -> tuple[PrimarySummary, ...]:
    """What stands of a class of tiểu học at the four times of the year, in their order. Raises NotPrintableError."""
    problem = mismatch(gradebook.PRIMARY_REGULATION, group.level, group.grade, group.school_year)
    if problem:
        raise NotPrintableError(f"Bảng tổng hợp là biểu mẫu của Thông tư 27/2020: {problem}")
    heads = _heads_of(group)
    book = gradebook.primary_books([group])[group.name]
    particulars = roster.particulars_of(group.school_code, group.school_year).get(group.name, [])
    by_code = {pupil.code: pupil for pupil in particulars}
    people = [(by_code[pupil.code], book.record_of(pupil)) for pupil in book.pupils]
    return tuple(
        PrimarySummary(
            school=heads.school,
            school_year=group.school_year,
            class_name=group.name,
            grade=group.grade,
            time=time,
            homeroom_teacher=heads.homeroom,
            principal=heads.principal,
            pupils=tuple(_primary_pupil(pupil, record, book, time) for pupil, record in people),
        )
        for time in range(len(rules.TIMES))
    )


def teacher_book(school_code: str, school_year: str, staff_code: str) -> TeacherBook:
    """The sheets of a teacher in a year, by class, subject and term. Raises NotPrintableError."""
    school = roster.school_of(school_code)
    teacher = roster.staff_by_code(school_code).get(staff_code)
    mine = roster.reach_of(school_code, school_year, staff_code).taught
    groups = [
        group
        for group in roster.list_classes(school_code, school_year)
        if group.name in {cell.class_name for cell in mine} and not gradebook.is_primary(group)
    ]
    sheets = tuple(
        each
        for group in groups
        for each in outlook.drafts_of(group)
        if isinstance(each, SubjectSheet) and roster.Cell(group.name, each.subject_code, each.term) in mine
    )
    if school is None or teacher is None or not sheets:
        raise NotPrintableError("Bạn không được phân công môn học nào có sổ của giáo viên trong năm học này.")
    particulars = roster.particulars_of(school_code, school_year)
    pupils: list[Pupil] = [pupil for group in groups for pupil in particulars.get(group.name, [])]
    return TeacherBook(
        school=school,
        school_year=school_year,
        teacher=teacher,
        sheets=sheets,
        birth_dates={pupil.personal_id: pupil.birth_date for pupil in pupils},
    )


class _Heads(NamedTuple):
    school: School
    homeroom: StaffMember
    principal: StaffMember


def _heads_of(group: roster.Class) -> _Heads:
    school = roster.school_of(group.school_code)
    homeroom = roster.staff_by_code(group.school_code).get(group.homeroom_code)
    principal = roster.principal_of(group.school_code)
    if school is None or homeroom is None or principal is None:
        raise NotPrintableError("Lớp chưa có giáo viên chủ nhiệm, hoặc trường chưa nêu đúng một hiệu trưởng.")
    return _Heads(school, homeroom, principal)


def _primary_pupil(
    pupil: Pupil, record: dict[str, Any], book: gradebook.PrimaryBook, time: int
) -> PrimaryPupil:
    traits = record["qualities"] | record["competences"]
    # Absences are counted and decisions taken once a year: nothing of them belongs on the earlier tables.
    decided = book.summaries.get(pupil.code) if time == rules.YEAR_END else None
    return PrimaryPupil(
        pupil_code=pupil.code,
        name=pupil.name,
        birth_date=pupil.birth_date,
        sex=pupil.sex,
        levels={each["code"]: each["levels"][time] for each in record["subjects"]},
        tests={each["code"]: each["tests"][time] for each in record["subjects"] if "tests" in each},
        traits={code: levels[time] for code, levels in traits.items()},
        **({name: getattr(decided, name) for name in _YEAR_END} if decided else {}),
    )
