"""From a sealed class record of tiểu học to the transcripts of its pupils (TT 27/2020, Quy chế Điều 14).

The form shows the year end: levels and tests of the end of term II, qualities and competences of the same time,
and the decisions of the year record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from hocba.documents import class_tree
from hocba.documents.compile_parts import all_teachers, course_of_study, year_remark
from hocba.documents.primary import PrimarySubjectResult, PrimaryTranscript, PrimaryYearResult, TraitResult
from hocba.regulations.circular27 import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hocba.documents.class_tree import ClassRecordTree
    from hocba.documents.compile_parts import Additions
    from hocba.documents.people import Pupil
    from hocba.documents.primary import PrimaryMarks, PrimaryPupilYear, PrimaryTermRecord

LEVEL = "TH"
LAST_TERM = class_tree.TERMS[-1]


def problems_of(tree: ClassRecordTree) -> Iterator[str]:
    """Say which qualities and competences of the year end the grade does not have, or lacks."""
    named = [code for group in _groups(tree.year.identity.grade).values() for code in group]
    record = cast("PrimaryTermRecord | None", tree.terms.get(LAST_TERM))
    for row in record.rows if record else ():
        codes = [trait.code for trait in row.traits]
        if sorted(codes) != sorted(named):
            different = ", ".join(sorted(set(codes) ^ set(named)))
            yield (
                f"sổ học kì {LAST_TERM}: phẩm chất, năng lực của học sinh {row.personal_id} "
                f"không đúng của khối lớp ({different})"
            )


@dataclass(frozen=True, slots=True)
class PrimaryCompiler:
    """Makes the transcripts of one class; `rows` are those of every sheet by personal ID."""

    tree: ClassRecordTree
    form: str
    rows: Mapping[tuple[str, int], Mapping[str, Any]]

    def transcript(
        self, row: PrimaryPupilYear, pupil: Pupil, transcript_id: str, more: Additions
    ) -> PrimaryTranscript:
        """Return the transcript of one pupil of the year record."""
        year = self.tree.year
        identity = year.identity
        return PrimaryTranscript(
            id=transcript_id,
            version=more.version,
            regulation=identity.regulation,
            form=self.form,
            level=LEVEL,
            grade=identity.grade,
            class_name=identity.class_name,
            school_year=identity.school_year,
            school=identity.school,
            pupil=pupil,
            course_of_study=course_of_study(identity, more.course_of_study),
            subjects=tuple(self._subjects(row.personal_id)),
            traits=tuple(self._traits(row.personal_id)),
            result=_result(row),
            homeroom_teacher=year.homeroom_teacher,
            principal=year.principal,
            class_record=self.tree.year_file,
            previous=more.previous,
            replaces=more.replaces,
            register_number=more.register_number,
        )

    def _subjects(self, personal_id: str) -> Iterator[PrimarySubjectResult]:
        for code in class_tree.subjects_of(self.tree):
            first, second = (
                cast("PrimaryMarks | None", self.rows.get((code, term), {}).get(personal_id))
                for term in class_tree.TERMS
            )
            if first is None and second is None:
                continue  # a subject of choice; the tree is checked for whom else sheets leave out
            sheets = [
                self.tree.sheets[code, term] for term in class_tree.TERMS if (code, term) in self.tree.sheets
            ]
            yield PrimarySubjectResult(
                code=code,
                name=sheets[-1].subject_name,
                level=second.end_level if second else None,
                test=second.end_test if second else None,
                remark=year_remark(first, second),
                teachers=all_teachers(sheets),
            )

    def _traits(self, personal_id: str) -> Iterator[TraitResult]:
        record = cast("PrimaryTermRecord", self.tree.terms[LAST_TERM])
        row = next(row for row in record.rows if row.personal_id == personal_id)
        levels = {trait.code: trait.end for trait in row.traits}
        for group, names in _groups(self.tree.year.identity.grade).items():
            for code, name in names.items():
                yield TraitResult(code=code, name=name, group=group, level=levels[code])


def _groups(grade: int) -> dict[str, dict[str, str]]:
    """Code to name of qualities and competences by group of the form, in its order."""
    return {
        "QUALITY": rules.qualities(),
        "GENERAL": rules.general_competences(),
        "SPECIFIC": rules.specific_competences(grade),
    }


def _result(row: PrimaryPupilYear) -> PrimaryYearResult:
    return PrimaryYearResult(
        overall=row.overall,
        completed=row.completed,
        promoted=row.promoted,
        award=row.award,
        absences_excused=row.absences_excused,
        absences_unexcused=row.absences_unexcused,
        homeroom_remark=row.remark,
    )
