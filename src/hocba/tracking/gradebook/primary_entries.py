"""What a person or a workbook enters for pupils of tiểu học (TT 27/2020), as values, with the check of their form."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from hocba.regulations import curriculum
from hocba.regulations.circular27 import rules
from hocba.regulations.errors import UnknownSubjectError
from hocba.tracking.gradebook.entries import LARGEST_COUNT, one_line, too_long

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from hocba.documents.workbooks import values
    from hocba.tracking.roster import queries as roster

LONGEST_AWARD = 500
Levels = dict[str, list[str | None]]
"""By code of a quality or competence: the levels at the middle and the end of a term."""

_REMARKS = frozenset({"remark", "remark_term1", "remark_term2", "homeroom_remark", "award"})
_PLACE = frozenset({"class_name", "subject_code", "term", "pupil_code"})


class _Stated:
    def stated(self) -> dict[str, Any]:
        """The columns of the row."""
        return {
            name: one_line(value) if name in _REMARKS else value
            for name, value in asdict(self).items()  # type: ignore[call-overload]
            if name not in _PLACE
        }


@dataclass(frozen=True, kw_only=True)
class PrimaryMarks(_Stated):
    """A pupil's row of a subject sheet as entered; values as in `PrimaryMarkRow`."""

    class_name: str
    subject_code: str
    term: int
    pupil_code: str
    middle_level: str | None = None
    middle_test: str | None = None
    end_level: str | None = None
    end_test: str | None = None
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class PrimarySummary(_Stated):
    """A pupil's row of the class summary as entered; values as in `PrimarySummaryRow`."""

    class_name: str
    pupil_code: str
    traits_term1: Levels = field(default_factory=dict)
    traits_term2: Levels = field(default_factory=dict)
    remark_term1: str = ""
    remark_term2: str = ""
    overall: str | None = None
    completed: bool | None = None
    promoted: bool | None = None
    award: str = ""
    absences_excused: int | None = None
    absences_unexcused: int | None = None
    homeroom_remark: str = ""


def marks_from(rows: Iterable[values.PrimaryRow]) -> list[PrimaryMarks]:
    """The rows of the summaries of educational results as entries, one for each pupil, subject and term.

    The remark of a term is that of its end, or of its middle when the end has none. A subject of which nothing is
    said in a term is no entry: the pupil does not take it, or it is not assessed yet.
    """
    found: dict[tuple[str, str, str, int], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda each: each.time):
        term, part = _when(row)
        for subject in row.subjects:
            if subject.level is None and subject.test is None and not subject.remark:
                continue
            entry = found.setdefault((row.class_name, row.pupil_code, subject.code, term), {})
            entry[f"{part}_level"], entry[f"{part}_test"] = subject.level, subject.test
            entry["remark"] = subject.remark or entry.get("remark", "")
    return [
        PrimaryMarks(class_name=name, pupil_code=pupil, subject_code=code, term=term, **entry)
        for (name, pupil, code, term), entry in found.items()
    ]


def summaries_from(rows: Iterable[values.PrimaryRow]) -> list[PrimarySummary]:
    """The same rows as entries of the class summary; the remark of the year end is that of the year."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda each: each.time):
        term, part = _when(row)
        entry = found.setdefault((row.class_name, row.pupil_code), {})
        traits = entry.setdefault(f"traits_term{term}", {})
        for code, level in row.traits:
            traits.setdefault(code, [None, None])[part == "end"] = level
        if row.time != rules.YEAR_END:
            entry[f"remark_term{term}"] = row.remark or entry.get(f"remark_term{term}", "")
            continue
        entry |= {
            "overall": row.overall,
            "completed": row.completed,
            "promoted": row.promoted,
            "award": row.award,
            "absences_excused": row.absences_excused,
            "absences_unexcused": row.absences_unexcused,
            "homeroom_remark": row.remark,
        }
    return [
        PrimarySummary(class_name=name, pupil_code=pupil, **entry) for (name, pupil), entry in found.items()
    ]


def _when(row: values.PrimaryRow) -> tuple[int, str]:
    """The term and the part of it ("middle" or "end") that one of the four times of the year is."""
    return row.time // 2 + 1, "end" if row.time % 2 else "middle"


def problems_of_marks(entries: Iterable[PrimaryMarks], classes: Mapping[str, roster.Class]) -> list[str]:
    """Every value that is no level or test of the subject, as Vietnamese sentences; `classes` by name."""
    return [problem for entry in entries for problem in _problems_of(entry, classes[entry.class_name])]


def _problems_of(entry: PrimaryMarks, group: roster.Class) -> Iterator[str]:
    try:
        subject = curriculum.subject(entry.subject_code, group.level, group.school_year)
    except UnknownSubjectError:
        yield f"Không có môn học mang mã {entry.subject_code}."
        return
    place = f"{entry.class_name}, {subject.name}, học kì {entry.term}, học sinh {entry.pupil_code}"
    yield from _not_in(rules.SUBJECT_LEVELS, (entry.middle_level, entry.end_level), place, "mức đạt được")
    yield from _not_in(rules.TEST_MARKS, (entry.middle_test, entry.end_test), place, "điểm kiểm tra")
    held = rules.tests_of(group.grade).get(entry.subject_code, ())
    for part, test in enumerate((entry.middle_test, entry.end_test)):
        time = 2 * (entry.term - 1) + part
        if test is not None and time not in held:
            yield f"{place}: {rules.TIMES[time]} môn này không có bài kiểm tra ({rules.TEST_ARTICLE})."
    yield from too_long(place, entry.remark)


def problems_of_summaries(
    entries: Iterable[PrimarySummary], classes: Mapping[str, roster.Class]
) -> list[str]:
    """Every level that is none, every quality the grade has not and every count that cannot be, as sentences."""
    return [
        problem for entry in entries for problem in _problems_of_summary(entry, classes[entry.class_name])
    ]


def _problems_of_summary(entry: PrimarySummary, group: roster.Class) -> Iterator[str]:
    place = f"{entry.class_name}, học sinh {entry.pupil_code}"
    known = rules.qualities() | rules.competences(group.grade)
    for traits in (entry.traits_term1, entry.traits_term2):
        yield from _not_in(known, traits, place, f"phẩm chất, năng lực của lớp {group.grade}")
        for levels in traits.values():
            yield from _not_in(rules.TRAIT_LEVELS, levels, place, "mức của phẩm chất, năng lực")
    yield from _not_in(rules.OVERALL, (entry.overall,), place, "kết quả đánh giá giáo dục")
    for count in (entry.absences_excused, entry.absences_unexcused):
        if count is not None and not 0 <= count <= LARGEST_COUNT:
            yield f"{place}: {count} không phải là số buổi nghỉ học."
    if len(entry.award) > LONGEST_AWARD:
        yield f"{place}: nội dung khen thưởng dài quá {LONGEST_AWARD} ký tự."
    yield from too_long(place, entry.remark_term1, entry.remark_term2, entry.homeroom_remark)


def _not_in(known: Collection[str], values: Iterable[str | None], place: str, what: str) -> Iterator[str]:
    for value in values:
        if value is not None and value not in known:
            yield f"{place}: “{value}” không phải là {what}."
