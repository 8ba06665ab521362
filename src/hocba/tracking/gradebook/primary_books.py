"""What was entered for a class of tiểu học, and what the circular proposes from it (TT 27/2020)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from hocba.documents.primary import PrimaryMarks, TraitLevel
from hocba.regulations.applicability import mismatch
from hocba.regulations.circular27 import rules
from hocba.regulations.evaluation import evaluate
from hocba.tracking.gradebook.models import PrimaryMarkRow, PrimarySummaryRow
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

REGULATION = "TT27-2020"
LEVEL = "TIEUHOC"

Place = tuple[str, int]
"""A subject code and a term."""


def is_primary(group: roster.Class) -> bool:
    """Whether a class has a book of tiểu học."""
    return group.level == LEVEL


class PrimaryEntered(NamedTuple):
    """What stands on a sheet for one pupil: columns of `PrimaryMarkRow`."""

    middle_level: str | None
    middle_test: str | None
    end_level: str | None
    end_test: str | None
    remark: str


@dataclass(frozen=True, kw_only=True)
class PrimaryBook:
    """Everything entered for one class of tiểu học and year; `proposals` are computed when first asked for."""

    group: roster.Class
    pupils: tuple[roster.PupilName, ...]
    marks: Mapping[Place, Mapping[str, PrimaryEntered]]
    summaries: Mapping[str, PrimarySummaryRow]

    @cached_property
    def traits(self) -> dict[str, str]:
        """Code to name of the qualities and competences of the grade, in the order of the form."""
        return rules.qualities() | rules.competences(self.group.grade)

    @cached_property
    def proposals(self) -> dict[str, dict[str, Any]]:
        """What the circular proposes for every pupil, as `hocba evaluate` gives it, by pupil code.

        Nobody is there when the class was assessed by an older circular.
        """
        group = self.group
        if mismatch(REGULATION, group.level, group.grade, group.school_year):
            return {}
        return {pupil.code: evaluate(self.record_of(pupil)) for pupil in self.pupils}

    def takers_of(self, subject_code: str) -> tuple[roster.PupilName, ...]:
        """The pupils who take a subject, in the order of the class."""
        return tuple(pupil for pupil in self.pupils if subject_code in roster.subjects_of(pupil, self.group))

    def strays_on(self, subject_code: str, term: int) -> tuple[roster.PupilName, ...]:
        """Pupils of the class with an entry on a sheet of a subject they do not take."""
        entered = self.marks.get((subject_code, term), {})
        takers = {pupil.code for pupil in self.takers_of(subject_code)}
        return tuple(pupil for pupil in self.pupils if pupil.code in entered and pupil.code not in takers)

    def tested_at(self, subject_code: str) -> tuple[int, ...]:
        """The times of the year (0 to 3) at which the subject has a test in this grade (Điều 7)."""
        return rules.tests_of(self.group.grade).get(subject_code, ())

    def rows_of(self, subject_code: str, term: int) -> tuple[PrimaryMarks, ...]:
        """What was entered on a sheet, by those who take the subject, in the order of the class."""
        entered = self.marks.get((subject_code, term), {})
        return tuple(_row(pupil, entered.get(pupil.code)) for pupil in self.takers_of(subject_code))

    def traits_of(self, pupil_code: str, term: int) -> tuple[TraitLevel, ...]:
        """Levels of qualities and competences of a pupil in a term; None where there is none."""
        summary = self.summaries.get(pupil_code)
        levels: dict[str, list[str | None]] = getattr(summary, f"traits_term{term}", None) or {}
        found = {code: levels.get(code, [None, None]) for code in self.traits}
        return tuple(TraitLevel(code=code, middle=pair[0], end=pair[1]) for code, pair in found.items())

    def record_of(self, pupil: roster.PupilName) -> dict[str, Any]:
        """The input of `hocba evaluate` for one pupil; what was not entered is null."""
        times = {
            trait.code: [trait.middle, trait.end, last.middle, last.end]
            for trait, last in zip(self.traits_of(pupil.code, 1), self.traits_of(pupil.code, 2), strict=True)
        }
        return {
            "regulation": REGULATION,
            "level": LEVEL,
            "grade": self.group.grade,
            "school_year": self.group.school_year,
            "subjects": [
                self._subject_record(code, pupil.code) for code in roster.subjects_of(pupil, self.group)
            ],
            "qualities": {code: times[code] for code in rules.qualities()},
            "competences": {code: times[code] for code in rules.competences(self.group.grade)},
        }

    def _subject_record(self, code: str, pupil_code: str) -> dict[str, Any]:
        first, second = (self.marks.get((code, term), {}).get(pupil_code) for term in (1, 2))
        levels = [*_pair(first, "level"), *_pair(second, "level")]
        tests = [*_pair(first, "test"), *_pair(second, "test")]
        record: dict[str, Any] = {"code": code, "levels": levels}
        return record | ({"tests": tests} if self.tested_at(code) else {})


def _pair(row: PrimaryEntered | None, what: str) -> tuple[str | None, str | None]:
    return getattr(row, f"middle_{what}", None), getattr(row, f"end_{what}", None)


def _row(pupil: roster.PupilName, entered: PrimaryEntered | None) -> PrimaryMarks:
    return PrimaryMarks(
        personal_id=pupil.personal_id,
        pupil_code=pupil.code,
        name=pupil.name,
        middle_level=entered.middle_level if entered else None,
        middle_test=entered.middle_test if entered else None,
        end_level=entered.end_level if entered else None,
        end_test=entered.end_test if entered else None,
        remark=entered.remark if entered else "",
    )


def primary_books(groups: Sequence[roster.Class]) -> dict[str, PrimaryBook]:
    """The books of classes of tiểu học of one school and year, by class name, with three queries for all of them."""
    if not groups:
        return {}
    school, year, names = groups[0].school_code, groups[0].school_year, [group.name for group in groups]
    marks: dict[str, dict[Place, dict[str, PrimaryEntered]]] = {name: {} for name in names}
    rows = PrimaryMarkRow.objects.filter(
        sheet__school_code=school, sheet__school_year=year, sheet__class_name__in=names
    )
    columns = (
        "sheet__class_name",
        "sheet__subject_code",
        "sheet__term",
        "pupil_code",
        *PrimaryEntered._fields,
    )
    for name, code, term, pupil_code, *entered in rows.values_list(*columns):
        marks[name].setdefault((code, term), {})[pupil_code] = PrimaryEntered(*entered)
    summaries: dict[str, dict[str, PrimarySummaryRow]] = {name: {} for name in names}
    kept: Iterable[PrimarySummaryRow] = PrimarySummaryRow.objects.filter(
        school_code=school, school_year=year, class_name__in=names
    )
    for summary in kept:
        summaries[summary.class_name][summary.pupil_code] = summary
    pupils = roster.pupils_by_class(school, year, names)
    return {
        group.name: PrimaryBook(
            group=group,
            pupils=tuple(pupils.get(group.name, ())),
            marks=marks[group.name],
            summaries=summaries[group.name],
        )
        for group in groups
    }
