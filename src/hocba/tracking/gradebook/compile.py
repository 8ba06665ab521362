"""From rows to results: what was entered for a class, and what the regulation makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from hocba.platform.tenancy import statements
from hocba.regulations import curriculum
from hocba.regulations.evaluation import evaluate
from hocba.tracking.gradebook.models import SUMMARY, SummaryRow
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REGULATION = "TT22-2021"
"""The circular whose marks a book holds and whose results it gives; classes of another one cannot be entered."""

Place = tuple[str, int]
"""A subject code and a term."""


_MARKS = """
select sheet.class_name, sheet.subject_code, sheet.term, mark.pupil_code,
       mark.regular, mark.midterm, mark.final, mark.retest, mark.remark
from tracking_gradebook_sheet sheet join tracking_gradebook_markrow mark on mark.sheet_id = sheet.id
where sheet.school_code = %t and sheet.school_year = %t and sheet.class_name = any(%t::text[])
    and sheet.subject_code <> %t
"""
"""By hand: a class has a thousand rows, and the model makes the values of each one by one."""


class Entered(NamedTuple):
    """What stands on a sheet for one pupil: columns of `MarkRow`."""

    regular: list[str | None]
    midterm: str | None
    final: str | None
    retest: str | None
    remark: str


@dataclass(frozen=True, kw_only=True)
class ClassBook:
    """Everything entered for one class and year; `results` are computed when first asked for."""

    group: roster.Class
    pupils: tuple[roster.PupilName, ...]
    marks: Mapping[Place, Mapping[str, Entered]]
    summaries: Mapping[str, SummaryRow]

    @cached_property
    def results(self) -> dict[str, dict[str, Any]]:
        """Results of every pupil as `hocba evaluate` gives them, by pupil code."""
        return {pupil.code: evaluate(self.record_of(pupil.code)) for pupil in self.pupils}

    @cached_property
    def subject_results(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Pupil code to subject code to the results of that subject."""
        return {
            code: {subject["code"]: subject for subject in result["subjects"]}
            for code, result in self.results.items()
        }

    @cached_property
    def subjects_of_pupils(self) -> dict[str, tuple[str, ...]]:
        """Pupil code to the codes of the subjects the pupil takes, in the order of the forms."""
        return {pupil.code: roster.subjects_of(pupil, self.group) for pupil in self.pupils}

    def takers_of(self, subject_code: str) -> tuple[roster.PupilName, ...]:
        """The pupils who take a subject, in the order of the class."""
        return tuple(pupil for pupil in self.pupils if subject_code in self.subjects_of_pupils[pupil.code])

    def strays_on(self, subject_code: str, term: int) -> tuple[roster.PupilName, ...]:
        """Pupils of the class with an entry on a sheet of a subject they have not chosen: nobody may lose it."""
        entered = self.marks.get((subject_code, term), {})
        takers = {pupil.code for pupil in self.takers_of(subject_code)}
        return tuple(pupil for pupil in self.pupils if pupil.code in entered and pupil.code not in takers)

    def record_of(self, pupil_code: str) -> dict[str, Any]:
        """The input of `hocba evaluate` for one pupil; what was not entered is null."""
        summary = self.summaries.get(pupil_code)
        return {
            "regulation": REGULATION,
            "level": self.group.level,
            "grade": self.group.grade,
            "subjects": [
                self._subject_record(code, pupil_code) for code in self.subjects_of_pupils[pupil_code]
            ],
            "conduct": {
                "terms": [summary and summary.conduct_term1, summary and summary.conduct_term2],
                "after_summer": summary and summary.conduct_after_summer,
            },
            "absences": absences_of(summary),
        }

    def _subject_record(self, code: str, pupil_code: str) -> dict[str, Any]:
        rows = [self.marks.get((code, term), {}).get(pupil_code) for term in (1, 2)]
        return {
            "code": code,
            "kind": kind_of(code, self.group),
            "terms": [self._term_record(code, row) for row in rows],
            "retest": rows[1].retest if rows[1] else None,
        }

    def _term_record(self, code: str, row: Entered | None) -> dict[str, Any]:
        entered: list[str | None] = row.regular if row else []
        missing = required_marks(code, self.group) - len(entered)
        return {
            "regular": entered + [None] * missing,
            "midterm": row.midterm if row else None,
            "final": row.final if row else None,
        }


def kind_of(subject_code: str, group: roster.Class) -> str:
    """Whether the subject is assessed by "score" or by "comment"."""
    return curriculum.subject(subject_code, group.level, group.school_year).kind


def required_marks(subject_code: str, group: roster.Class) -> int:
    """How many regular assessments a term of the subject needs in this class."""
    return curriculum.regular_marks_required(subject_code, group.level, group.grade, group.school_year)


def absences_of(summary: SummaryRow | None) -> int | None:
    """All absences of the year, or None while they are not entered."""
    if summary is None or summary.absences_excused is None or summary.absences_unexcused is None:
        return None
    return int(summary.absences_excused + summary.absences_unexcused)


def class_books(groups: Iterable[roster.Class]) -> dict[str, ClassBook]:
    """The books of classes of one school and year, by class name, with three queries for all of them."""
    groups = list(groups)
    if not groups:
        return {}
    school, year, names = groups[0].school_code, groups[0].school_year, [group.name for group in groups]
    marks: dict[str, dict[Place, dict[str, Entered]]] = {name: {} for name in names}
    for name, code, term, pupil_code, *entered in statements.fetch(_MARKS, [school, year, names, SUMMARY]):
        marks[name].setdefault((code, term), {})[pupil_code] = Entered(*entered)
    summaries: dict[str, dict[str, SummaryRow]] = {name: {} for name in names}
    for summary in SummaryRow.objects.filter(school_code=school, school_year=year, class_name__in=names):
        summaries[summary.class_name][summary.pupil_code] = summary
    pupils = roster.pupils_by_class(school, year, names)
    return {
        group.name: ClassBook(
            group=group,
            pupils=tuple(pupils.get(group.name, ())),
            marks=marks[group.name],
            summaries=summaries[group.name],
        )
        for group in groups
    }
