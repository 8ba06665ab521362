"""From a sealed class record to the transcripts of its pupils (kết chuyển, Quy chế Điều 14).

Only values are combined here, nothing is computed: averages, levels and decisions are those the class record
was signed with. The caller has verified the signatures of every file and gives the digests of the files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from hocba.documents import class_tree, compile_primary
from hocba.documents.class_tree import ClassRecordTree
from hocba.documents.compile_parts import Additions, all_teachers, course_of_study, year_remark
from hocba.documents.transcript import LevelSeries, SubjectResult, Transcript, YearResult

if TYPE_CHECKING:
    from hocba.documents.any_level import AnyMarks, AnySubjectSheet, AnyTranscript
    from hocba.documents.class_record import ClassIdentity, PupilMarks, PupilTerm, PupilYear, SubjectSheet
    from hocba.documents.people import Pupil

__all__ = ["FORMS", "Additions", "InconsistentClassRecord", "level_of", "programme_of", "transcripts_of"]

FORMS = MappingProxyType(
    {
        ("TT22-2021", "THCS"): "TT22-THCS",
        ("TT22-2021", "THPT"): "TT22-THPT",
        ("TT43-2021", "GDTX-THCS"): "TT43-THCS",
        ("TT43-2021", "GDTX-THPT"): "TT43-THPT",
        ("TT27-2020", "TH"): "TT27-TH",
    }
)
"""The form of a transcript by regulation and programme (appendices of TT 22/2021 and TT 43/2021, TT 27/2020)."""

LAST_GRADE_OF_PRIMARY = 5
LAST_GRADE_OF_LOWER_SECONDARY = 9


class InconsistentClassRecord(ValueError):
    """The documents do not fit together; `problems` lists everything, in Vietnamese."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("Sổ lớp không nhất quán: " + "; ".join(problems))


_NOTHING = Additions()


def transcripts_of(
    tree: ClassRecordTree,
    particulars: Mapping[str, Pupil],
    *,
    ids: Callable[[str], str],
    additions: Mapping[str, Additions] = MappingProxyType({}),
) -> list[AnyTranscript]:
    """Return a transcript for every pupil of the year record, in its order.

    `particulars` and `additions` are by personal ID; `ids` gives the transcript's UUID for a personal ID.
    The current year is added to the course of study when `additions` does not end with it.

    Raises InconsistentClassRecord with all problems when the tree does not fit together: a digest that is not
    that of the file given, another class or year, a pupil missing in a sheet, particulars of another person.
    """
    problems = [*class_tree.problems_of(tree), *class_tree.particulars_problems(tree, particulars)]
    regulation, level = tree.year.identity.regulation, level_of(tree.year.identity)
    form = FORMS.get((regulation, programme_of(tree.year.identity)))
    if form is None:
        problems.append(f"chưa có mẫu học bạ cho {regulation} cấp {level}")
    elif class_tree.is_primary(tree) is not (level == compile_primary.LEVEL):
        problems.append(f"sổ lớp không theo biểu mẫu của cấp {level}")
    elif level == compile_primary.LEVEL:
        problems += compile_primary.problems_of(tree)
    if problems or form is None:
        raise InconsistentClassRecord(tuple(problems))
    rows = {key: {row.personal_id: row for row in _rows_of(sheet)} for key, sheet in tree.sheets.items()}
    compiler: Any = (
        compile_primary.PrimaryCompiler(tree, form, rows)
        if class_tree.is_primary(tree)
        else _Compiler(tree, form, rows)
    )
    return [
        compiler.transcript(
            row, particulars[row.personal_id], ids(row.personal_id), additions.get(row.personal_id, _NOTHING)
        )
        for row in tree.year.rows
    ]


def _rows_of(sheet: AnySubjectSheet) -> tuple[AnyMarks, ...]:
    return sheet.rows


def level_of(identity: ClassIdentity) -> str:
    """Return the level of schooling of a class: by its grade, except in continuing education (GDTX)."""
    if identity.school.level == "GDTX":
        return "GDTX"
    return _level_of_grade(identity.grade)


def programme_of(identity: ClassIdentity) -> str:
    """Return the level of schooling, in continuing education with the level of the grade: "GDTX-THPT"."""
    level = level_of(identity)
    return f"GDTX-{_level_of_grade(identity.grade)}" if level == "GDTX" else level


def _level_of_grade(grade: int) -> str:
    if grade <= LAST_GRADE_OF_PRIMARY:
        return "TH"
    return "THCS" if grade <= LAST_GRADE_OF_LOWER_SECONDARY else "THPT"


@dataclass(frozen=True, slots=True)
class _Compiler:
    tree: ClassRecordTree
    form: str
    rows: Mapping[tuple[str, int], Mapping[str, Any]]

    def transcript(self, row: PupilYear, pupil: Pupil, transcript_id: str, more: Additions) -> Transcript:
        year = self.tree.year
        identity = year.identity
        return Transcript(
            id=transcript_id,
            version=more.version,
            regulation=identity.regulation,
            form=self.form,
            level=level_of(identity),
            grade=identity.grade,
            class_name=identity.class_name,
            school_year=identity.school_year,
            school=identity.school,
            pupil=pupil,
            course_of_study=course_of_study(identity, more.course_of_study),
            subjects=tuple(
                self._subject(code, row.personal_id)
                for code in class_tree.subjects_of(self.tree)
                if self._takes(code, row.personal_id)
            ),
            result=self._result(row, more),
            homeroom_teacher=year.homeroom_teacher,
            principal=year.principal,
            class_record=self.tree.year_file,
            previous=more.previous,
            replaces=more.replaces,
            register_number=more.register_number,
        )

    def _takes(self, code: str, personal_id: str) -> bool:
        """Whether a sheet names the pupil: only chosen subjects leave anybody out, the tree is checked for that."""
        return any(personal_id in self.rows.get((code, term), ()) for term in class_tree.TERMS)

    def _subject(self, code: str, personal_id: str) -> SubjectResult:
        sheets = [
            cast("SubjectSheet", self.tree.sheets[code, term])
            for term in class_tree.TERMS
            if (code, term) in self.tree.sheets
        ]
        first: PupilMarks | None = self.rows.get((code, 1), {}).get(personal_id)
        second: PupilMarks | None = self.rows.get((code, 2), {}).get(personal_id)
        last = second or first
        return SubjectResult(
            code=code,
            name=sheets[-1].subject_name,
            kind=sheets[-1].kind,
            term1=first.term_result if first else None,
            term2=second.term_result if second else None,
            year=last.year_result if last else None,
            after_retest=last.after_retest if last else None,
            remark=year_remark(first, second),
            teachers=all_teachers(sheets),
        )

    def _result(self, row: PupilYear, more: Additions) -> YearResult:
        terms = {
            term: cast("PupilTerm", next(each for each in record.rows if each.personal_id == row.personal_id))
            for term, record in self.tree.terms.items()
        }
        return YearResult(
            conduct=LevelSeries(term1=terms[1].conduct, term2=terms[2].conduct, year=row.conduct),
            learning=LevelSeries(term1=terms[1].learning, term2=terms[2].learning, year=row.learning),
            conduct_after_summer=row.conduct_after_summer,
            learning_after_retest=row.learning_after_retest,
            absences_excused=row.absences_excused,
            absences_unexcused=row.absences_unexcused,
            promotion=row.promotion,
            title=row.title,
            certificates=more.certificates,
            competitions=more.competitions,
            awards=more.awards,
            homeroom_remark=row.homeroom_remark,
            principal_remark=more.principal_remark,
        )
