"""The book of a class and of a teacher as values, from the drafts of the class record and the roster message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents.class_record import SubjectSheet, TermRecord, YearRecord
from hocba.documents.forms import BookPupil, ClassBook, InconsistentClassBook, TeacherBook
from hocba.tracking.gradebook import queries as gradebook
from hocba.tracking.roster import queries as roster
from hocba.tracking.sealing import outlook

if TYPE_CHECKING:
    from hocba.documents.people import Pupil


class NotPrintableError(Exception):
    """There is no such form for this class now; the message says why."""


def class_book(group: roster.Class) -> ClassBook:
    """The book of a class as things stand. Raises NotPrintableError."""
    _check_level(group)
    school = roster.school_of(group.school_code)
    homeroom = roster.staff_by_code(group.school_code).get(group.homeroom_code)
    principal = roster.principal_of(group.school_code)
    if school is None or homeroom is None or principal is None:
        raise NotPrintableError("Lớp chưa có giáo viên chủ nhiệm, hoặc trường chưa nêu đúng một hiệu trưởng.")
    values = outlook.drafts_of(group)
    particulars = roster.particulars_of(group.school_code, group.school_year).get(group.name, [])
    try:
        return ClassBook(
            school=school,
            school_year=group.school_year,
            class_name=group.name,
            grade=group.grade,
            homeroom_teacher=homeroom,
            principal=principal,
            pupils=tuple(BookPupil(pupil=pupil) for pupil in particulars),
            sheets=tuple(each for each in values if isinstance(each, SubjectSheet)),
            terms=tuple(each for each in values if isinstance(each, TermRecord)),
            year=next((each for each in values if isinstance(each, YearRecord)), None),
        )
    except InconsistentClassBook as error:
        raise NotPrintableError(str(error)) from error


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


def _check_level(group: roster.Class) -> None:
    if gradebook.is_primary(group):
        raise NotPrintableError("Lớp tiểu học dùng biểu mẫu riêng, chưa in được ở đây.")
