"""What compiling transcripts of every level has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents.transcript import StudyYear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocba.documents.any_level import AnyMarks, AnySubjectSheet
    from hocba.documents.class_record import ClassIdentity
    from hocba.documents.people import StaffMember
    from hocba.documents.transcript import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What a transcript says of a pupil beyond the class record, all optional."""

    version: int = 1
    previous: Digest | None = None
    replaces: Digest | None = None
    course_of_study: tuple[StudyYear, ...] = ()
    register_number: str = ""
    certificates: str = ""
    competitions: str = ""
    awards: str = ""
    principal_remark: str = ""


def course_of_study(identity: ClassIdentity, earlier: tuple[StudyYear, ...]) -> tuple[StudyYear, ...]:
    """Return the course of study with the current year at its end, once."""
    if earlier and earlier[-1].school_year == identity.school_year:
        return earlier
    place = ", ".join(part for part in (identity.school.ward, identity.school.province) if part)
    current = StudyYear(
        school_year=identity.school_year,
        class_name=identity.class_name,
        school_name=identity.school.name,
        place=place,
    )
    return (*earlier, current)


def year_remark(first: AnyMarks | None, second: AnyMarks | None) -> str:
    """Return the remark of the second term, or of the first when the second has none (decision 0010)."""
    if second is not None and second.remark:
        return second.remark
    return first.remark if first is not None else ""


def all_teachers(sheets: Sequence[AnySubjectSheet]) -> tuple[StaffMember, ...]:
    """Return everyone who taught the subject in the year, once each, first term first."""
    return tuple({teacher.code: teacher for sheet in sheets for teacher in sheet.teachers}.values())
