"""Whether what is entered has a place: class, subject, pupil and circular of the roster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hocba.regulations.applicability import mismatch
from hocba.tracking.gradebook.errors import UnknownPlaceError
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class OfClass(Protocol):
    """An entry of whatever kind about a pupil of a class."""

    @property
    def class_name(self) -> str:
        """Name of the class."""

    @property
    def pupil_code(self) -> str:
        """Code of the pupil."""


class OfSubject(OfClass, Protocol):
    """An entry on a subject sheet."""

    @property
    def subject_code(self) -> str:
        """Code of the subject."""


def check_subjects(
    school_code: str, school_year: str, entries: Sequence[OfSubject], classes: Mapping[str, roster.Class]
) -> None:
    """Raise UnknownPlaceError for pupils of another class and for subjects that class or pupil does not have."""
    check_pupils(school_code, school_year, [(entry.class_name, entry.pupil_code) for entry in entries])
    unknown = sorted(
        {
            f"lớp {entry.class_name} không được phân công môn {entry.subject_code}"
            for entry in entries
            if entry.subject_code not in classes[entry.class_name].subjects
        }
    )
    if unknown:
        raise UnknownPlaceError("Chưa nhập được: " + "; ".join(unknown) + ".")
    _check_choices(school_code, school_year, entries, classes)


def _check_choices(
    school_code: str, school_year: str, entries: Sequence[OfSubject], classes: Mapping[str, roster.Class]
) -> None:
    names = {entry.class_name for entry in entries}
    pupils = {
        pupil.code: pupil
        for members in roster.pupils_by_class(school_code, school_year, names).values()
        for pupil in members
    }
    wrong = [
        f"{pupils[entry.pupil_code].name} ({entry.pupil_code}, lớp {entry.class_name}) không học môn "
        f"{roster.subject_name(entry.subject_code, classes[entry.class_name].level, school_year)}"
        for entry in entries
        if entry.subject_code not in roster.subjects_of(pupils[entry.pupil_code], classes[entry.class_name])
    ]
    if wrong:
        raise UnknownPlaceError("Chưa nhập được: " + "; ".join(dict.fromkeys(wrong)) + ".")


def problems_of_regulation(
    regulation: str, entries: Sequence[OfClass], classes: Mapping[str, roster.Class]
) -> list[str]:
    """A book computes by one circular only: entering marks of another would give results of neither."""
    groups = [classes[name] for name in sorted({entry.class_name for entry in entries})]
    return [
        f"Lớp {group.name}: {problem}"
        for group in groups
        if (problem := mismatch(regulation, group.level, group.grade, group.school_year))
    ]


def check_pupils(school_code: str, school_year: str, places: Iterable[tuple[str, str]]) -> None:
    """Raise UnknownPlaceError for every (class, pupil) that the roster does not have."""
    known = roster.class_of_pupils(school_code, school_year)
    unknown = sorted({f"{code} (lớp {name})" for name, code in places if known.get(code) != name})
    if unknown:
        raise UnknownPlaceError(
            f"Học sinh không có trong lớp theo danh sách đồng bộ từ CSDL ngành: {', '.join(unknown)}."
        )
