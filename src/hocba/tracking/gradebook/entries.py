"""What a person or a workbook enters, as values, with the check of their form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hocba.regulations import curriculum, levels
from hocba.regulations.errors import UnknownSubjectError
from hocba.regulations.marks import COMMENTS, TENTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hocba.documents.workbooks import values
    from hocba.tracking.roster import queries as roster

LARGEST_COUNT = 366
LONGEST_REMARK = 2000
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """A pupil's row of a subject sheet as entered; marks as in `MarkRow`."""

    class_name: str
    subject_code: str
    term: int
    pupil_code: str
    regular: tuple[str | None, ...] = ()
    midterm: str | None = None
    final: str | None = None
    retest: str | None = None
    remark: str = ""

    def stated(self) -> dict[str, Any]:
        """The columns of the row."""
        return {
            "regular": list(self.regular),
            "midterm": self.midterm,
            "final": self.final,
            "retest": self.retest,
            "remark": one_line(self.remark),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A pupil's row of the class summary as entered; levels TOT, KHA, DAT, CHUA_DAT."""

    class_name: str
    pupil_code: str
    conduct_term1: str | None = None
    conduct_term2: str | None = None
    conduct_after_summer: str | None = None
    absences_excused: int | None = None
    absences_unexcused: int | None = None
    homeroom_remark: str = ""

    def stated(self) -> dict[str, Any]:
        """The columns of the row."""
        return {
            "conduct_term1": self.conduct_term1,
            "conduct_term2": self.conduct_term2,
            "conduct_after_summer": self.conduct_after_summer,
            "absences_excused": self.absences_excused,
            "absences_unexcused": self.absences_unexcused,
            "homeroom_remark": one_line(self.homeroom_remark),
        }


def one_line(text: str) -> str:
    """A remark as it is kept: no breaks, no doubled blanks."""
    return _BLANKS.sub(" ", text).strip()


def marks_from(rows: Iterable[values.MarkRow]) -> list[Marks]:
    """The rows of mark books as entries."""
    return [
        Marks(
            class_name=row.class_name,
            subject_code=row.subject_code,
            term=row.term,
            pupil_code=row.pupil_code,
            regular=row.regular,
            midterm=row.midterm,
            final=row.final,
            remark=row.remark,
        )
        for row in rows
    ]


def summaries_from(rows: Iterable[values.SummaryRow]) -> list[Summary]:
    """The rows of class summaries as entries."""
    return [
        Summary(
            class_name=row.class_name,
            pupil_code=row.pupil_code,
            conduct_term1=row.conduct_term1,
            conduct_term2=row.conduct_term2,
            absences_excused=row.absences_excused,
            absences_unexcused=row.absences_unexcused,
            homeroom_remark=row.homeroom_remark,
        )
        for row in rows
    ]


def problems_of_marks(entries: Iterable[Marks], classes: Mapping[str, roster.Class]) -> list[str]:
    """Every value that is no mark of the subject's kind, as Vietnamese sentences; `classes` by name."""
    return [problem for entry in entries for problem in _problems_of(entry, classes[entry.class_name])]


def _problems_of(entry: Marks, group: roster.Class) -> Iterator[str]:
    try:
        subject = curriculum.subject(entry.subject_code, group.level, group.school_year)
    except UnknownSubjectError:
        yield f"Không có môn học mang mã {entry.subject_code}."
        return
    scale = COMMENTS if subject.kind == "comment" else TENTHS
    place = f"{entry.class_name}, {subject.name}, học kì {entry.term}, học sinh {entry.pupil_code}"
    for mark in (*entry.regular, entry.midterm, entry.final, entry.retest):
        if mark is not None and mark not in scale:
            yield f"{place}: “{mark}” không phải là kết quả hợp lệ."
    if entry.retest is not None and entry.term != 2:
        yield f"{place}: kết quả đánh giá lại ghi ở học kì II."
    yield from too_long(place, entry.remark)


def too_long(place: str, *remarks: str) -> Iterator[str]:
    """Say it when a remark has no room in the documents."""
    if any(len(remark) > LONGEST_REMARK for remark in remarks):
        yield f"{place}: nhận xét dài quá {LONGEST_REMARK} ký tự."


def problems_of_summaries(entries: Iterable[Summary]) -> list[str]:
    """Every level that is none and every count that cannot be, as Vietnamese sentences."""
    found = []
    for entry in entries:
        place = f"{entry.class_name}, học sinh {entry.pupil_code}"
        for level in (entry.conduct_term1, entry.conduct_term2, entry.conduct_after_summer):
            if level is not None and level not in levels.BY_NAME:
                found.append(f"{place}: “{level}” không phải là mức đánh giá rèn luyện.")
        for count in (entry.absences_excused, entry.absences_unexcused):
            if count is not None and not 0 <= count <= LARGEST_COUNT:
                found.append(f"{place}: {count} không phải là số buổi nghỉ học.")
        found += too_long(place, entry.homeroom_remark)
    return found
