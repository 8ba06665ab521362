"""Subjects chosen by pupils (THPT): as many as the curriculum says, and the same in both terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents.workbooks import titles
from hocba.regulations import curriculum

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hocba.documents.workbooks.problems import Problems
    from hocba.documents.workbooks.values import MarkRow, PupilRow, SchoolData


def check_electives(
    pupils: Iterable[PupilRow], marks: Iterable[MarkRow], incomplete: Collection[str], problems: Problems
) -> None:
    """Report pupils whose mark sheets do not add up to a lawful choice (TT 13/2022: four subjects).

    What a pupil takes is what the mark sheets name the pupil in. Classes with missing sheets are left out:
    that is reported already.
    """
    taken: dict[str, dict[int, set[str]]] = {}
    for row in marks:
        taken.setdefault(row.pupil_code, {}).setdefault(row.term, set()).add(row.subject_code)
    for pupil in pupils:
        grade = titles.grade_of(pupil.class_name)
        if grade is None or not pupil.attending or pupil.class_name in incomplete or pupil.code not in taken:
            continue
        _check(pupil, grade, taken[pupil.code], problems)


def choices_of(data: SchoolData) -> dict[str, tuple[str, ...]]:
    """By pupil code, the subjects the pupil has chosen: those of the sheets of either term that name the pupil.

    Only pupils whom any sheet names are there: of the others the workbooks say nothing. A pupil named in one term
    only has chosen the subject all the same, so that the other term is known to be missing.
    """
    named: dict[str, set[str]] = {}
    for row in data.marks:
        named.setdefault(row.pupil_code, set()).add(row.subject_code)
    for line in data.primary:
        codes = {each.code for each in line.subjects if each.level is not None or each.test is not None}
        named.setdefault(line.pupil_code, set()).update(codes)
    grades = {pupil.code: titles.grade_of(pupil.class_name) for pupil in data.pupils}
    return {
        code: tuple(
            subject
            for subject in sorted(codes)
            if curriculum.is_chosen(subject, curriculum.level_of(grade), grade, data.school.school_year)
        )
        for code, codes in named.items()
        if (grade := grades.get(code)) is not None
    }


def _check(pupil: PupilRow, grade: int, terms: dict[int, set[str]], problems: Problems) -> None:
    level = curriculum.level_of(grade)
    subjects = curriculum.subjects_for(level, grade)
    electives = [subject for subject in subjects if subject.group_in(grade) == "elective"]
    if not electives:
        return
    chosen = {
        term: [subject for subject in electives if subject.code in codes] for term, codes in terms.items()
    }
    compulsory = {subject.code for subject in subjects if subject.group_in(grade) == "compulsory"}
    in_all = set.intersection(*({subject.code for subject in term} for term in chosen.values()))
    in_any = set.union(*({subject.code for subject in term} for term in chosen.values()))
    one_term = [subject for subject in electives if subject.code in in_any - in_all]
    if one_term:
        shown = ", ".join(subject.name for subject in one_term)
        problems.add("electives_differ", pupil.source, value=shown, name=pupil.name)
        return
    advice = curriculum.selection_problems(level, grade, in_all | compulsory)
    if advice:
        shown = (
            ", ".join(subject.name for subject in electives if subject.code in in_all) or "không có môn nào"
        )
        problems.add("electives_wrong", pupil.source, value=shown, name=pupil.name, advice=" ".join(advice))
