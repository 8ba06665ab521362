"""Fixed values of the documents of tiểu học: what the golden files hold, and what tests change with `replace`.

primary.transcript()          a year of grade 3, taught by staff whose keys `transcripts.school()` has
primary.subject_sheet("TOAN") and so on
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hocba.documents.class_record import ClassIdentity
from hocba.documents.people import Pupil, Relative, School, Sex, StaffMember
from hocba.documents.primary import (
    PrimaryMarks,
    PrimaryPupilTerm,
    PrimaryPupilYear,
    PrimarySubjectResult,
    PrimarySubjectSheet,
    PrimaryTermRecord,
    PrimaryTranscript,
    PrimaryYearRecord,
    PrimaryYearResult,
    TraitLevel,
    TraitResult,
)
from hocba.documents.transcript import StudyYear
from hocba.regulations.circular27 import rules
from tests.factories import documents, transcripts

GRADE = 3
CLASS = "3A"
SCHOOL = School(
    code=transcripts.SCHOOL.code,
    name=transcripts.SCHOOL.name,
    level="TH",
    ward="Phường Mẫu",
    province="TP. Mẫu",
)
SUBJECTS = (
    ("TIENGVIET", "Tiếng Việt", True, "GV0001"),
    ("TOAN", "Toán", True, "GV0001"),
    ("NN1", "Ngoại ngữ 1", True, "GV0003"),
    ("GDTC", "Giáo dục thể chất", False, "GV0007"),
)
NAMES = {"079316000123": "Trần Ngọc Ý", "079216000456": "Nguyễn Đức Nam"}
FIRST, SECOND = NAMES
HOMEROOM = transcripts.staff("GV0001")
PRINCIPAL = transcripts.staff(transcripts.PRINCIPAL, "Hiệu trưởng")
IDENTITY = ClassIdentity(
    id=documents.YEAR_ID,
    version=1,
    school=SCHOOL,
    school_year="2025-2026",
    class_name=CLASS,
    grade=GRADE,
    regulation="TT27-2020",
)
GROUPS = {
    "QUALITY": rules.qualities(),
    "GENERAL": rules.general_competences(),
    "SPECIFIC": rules.specific_competences(GRADE),
}
TRAITS = tuple(code for names in GROUPS.values() for code in names)


def pupil(personal_id: str = FIRST, **changes: Any) -> Pupil:
    whole = Pupil(
        personal_id=personal_id,
        code=f"79760{personal_id[-5:]}",
        name=NAMES[personal_id],
        birth_date="2016-07-16",
        sex=Sex.FEMALE if personal_id[3] == "3" else Sex.MALE,
        ethnic_group="Kinh",
        birthplace="TP. Mẫu",
        residence="242 đường số 25, Phường Mẫu, TP. Mẫu",
        father=Relative(name="Trần Gia Kiên", occupation="Công nhân"),
    )
    return replace(whole, **changes)


def teachers(code: str) -> tuple[StaffMember, ...]:
    return tuple(transcripts.staff(teacher) for each, _, _, teacher in SUBJECTS if each == code)


def transcript(**changes: Any) -> PrimaryTranscript:
    whole = PrimaryTranscript(
        id=documents.TRANSCRIPT_ID,
        version=1,
        regulation="TT27-2020",
        form="TT27-TH",
        level="TH",
        grade=GRADE,
        class_name=CLASS,
        school_year="2025-2026",
        school=SCHOOL,
        pupil=pupil(),
        course_of_study=(
            StudyYear(
                school_year="2025-2026",
                class_name=CLASS,
                school_name=SCHOOL.name,
                place="Phường Mẫu, TP. Mẫu",
            ),
        ),
        subjects=tuple(
            PrimarySubjectResult(
                code=code,
                name=name,
                level="T",
                test="9" if tested else None,
                remark="Đọc & viết tốt; điểm <10>.",
                teachers=teachers(code),
            )
            for code, name, tested, _teacher in SUBJECTS
        ),
        traits=tuple(
            TraitResult(code=code, name=name, group=group, level="D" if code == "TRACHNHIEM" else "T")
            for group, names in GROUPS.items()
            for code, name in names.items()
        ),
        result=PrimaryYearResult(
            overall="HOAN_THANH",
            completed=True,
            promoted=True,
            award="Thư khen",
            absences_excused=2,
            absences_unexcused=0,
            homeroom_remark="Ngoan, lễ phép, hoà đồng với bạn bè.",
        ),
        homeroom_teacher=HOMEROOM,
        principal=PRINCIPAL,
        class_record=documents.digest("a"),
        previous=documents.digest("b"),
        register_number="0123/TH",
    )
    return replace(whole, **changes)


def marks(personal_id: str = FIRST, *, tested: bool = True, term: int = 1, **changes: Any) -> PrimaryMarks:
    whole = PrimaryMarks(
        personal_id=personal_id,
        pupil_code=f"79760{personal_id[-5:]}",
        name=NAMES[personal_id],
        middle_level="H",
        middle_test=None,
        end_level="H" if term == 1 else "T",
        end_test=("8" if term == 1 else "10") if tested else None,
        remark=f"Có tiến bộ ở học kì {term}.",
    )
    return replace(whole, **changes)


def subject_sheet(code: str = "TOAN", term: int = 1, **changes: Any) -> PrimarySubjectSheet:
    name, tested = next((name, tested) for each, name, tested, _ in SUBJECTS if each == code)
    whole = PrimarySubjectSheet(
        identity=replace(IDENTITY, id=documents.SHEET_ID),
        subject_code=code,
        subject_name=name,
        term=term,
        teachers=teachers(code),
        rows=tuple(marks(personal_id, tested=tested, term=term) for personal_id in NAMES),
    )
    return replace(whole, **changes)


def term_record(term: int = 1, **changes: Any) -> PrimaryTermRecord:
    whole = PrimaryTermRecord(
        identity=replace(IDENTITY, id=documents.TERM_ID),
        term=term,
        homeroom_teacher=HOMEROOM,
        sheets=tuple(
            (code, documents.digest(f"{index + 4 * term:x}")) for index, (code, *_) in enumerate(SUBJECTS)
        ),
        rows=tuple(
            PrimaryPupilTerm(
                personal_id=personal_id,
                pupil_code=f"79760{personal_id[-5:]}",
                name=name,
                traits=tuple(TraitLevel(code=code, middle="D", end="T") for code in TRAITS),
                remark="Chăm ngoan." if term == 1 else "",
            )
            for personal_id, name in NAMES.items()
        ),
    )
    return replace(whole, **changes)


def year_record(**changes: Any) -> PrimaryYearRecord:
    whole = PrimaryYearRecord(
        identity=IDENTITY,
        homeroom_teacher=HOMEROOM,
        principal=PRINCIPAL,
        terms=((1, documents.digest("1")), (2, documents.digest("2"))),
        rows=tuple(
            PrimaryPupilYear(
                personal_id=personal_id,
                pupil_code=f"79760{personal_id[-5:]}",
                name=name,
                overall="HOAN_THANH" if personal_id == FIRST else "CHUA_HOAN_THANH",
                completed=personal_id == FIRST,
                promoted=True,
                award="Thư khen" if personal_id == FIRST else "",
                absences_excused=2,
                absences_unexcused=1,
                remark="Ngoan, lễ phép.",
            )
            for personal_id, name in NAMES.items()
        ),
    )
    return replace(whole, **changes)
