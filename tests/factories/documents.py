"""Fixed values of every document: what the golden files hold, and what tests change in one place with `replace`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hocba.documents.class_record import (
    ClassIdentity,
    PupilMarks,
    PupilTerm,
    PupilYear,
    SubjectSheet,
    TermRecord,
    YearRecord,
)
from hocba.documents.people import Pupil, Relative, School, Sex, StaffMember
from hocba.documents.transcript import Digest, LevelSeries, StudyYear, SubjectResult, Transcript, YearResult

TRANSCRIPT_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
SHEET_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
TERM_ID = "16fd2706-8baf-433b-82eb-8c7fada847da"
YEAR_ID = "886313e1-3b8a-4372-9b90-0c9aee199e5d"
SCHOOL = School(
    code="79764501",
    name="Trường THCS Hoa Phượng",
    level="THCS",
    ward="Phường Gò Vấp",
    province="TP. Hồ Chí Minh",
)
SUBJECTS = (
    ("NGUVAN", "Ngữ văn", "score"),
    ("TOAN", "Toán", "score"),
    ("LSDL", "Lịch sử và Địa lí", "score"),
    ("GDTC", "Giáo dục thể chất", "comment"),
)
TEACHERS = {
    "GV0006": "Nguyễn Thị Thu Tuyết",
    "GV0008": "Nguyễn Ánh Thư",
    "GV0012": "Đỗ Quỳnh Như",
    "GV0013": "Phan Ngọc Ỷ",
    "GV0018": "Dương Hữu An",
}
OF_SUBJECT = {"NGUVAN": ("GV0006",), "TOAN": ("GV0008",), "LSDL": ("GV0012", "GV0013"), "GDTC": ("GV0018",)}
PRINCIPAL = StaffMember(code="GV0001", name="Hồ Công Trí", title="Hiệu trưởng")
HOMEROOM = StaffMember(code="GV0018", name="Dương Hữu An")
IDENTITY = ClassIdentity(
    id=YEAR_ID,
    version=1,
    school=SCHOOL,
    school_year="2024-2025",
    class_name="6A1",
    grade=6,
    regulation="TT22-2021",
)
NAMES = {"079313224404": "Trần Ngọc Dung", "079213123920": "Nguyễn Đức Nam"}


def digest(letter: str) -> Digest:
    """A digest that is easy to recognise."""
    return Digest(algorithm="sha256", value=letter * 64)


def teachers(code: str) -> tuple[StaffMember, ...]:
    return tuple(StaffMember(code=each, name=TEACHERS[each]) for each in OF_SUBJECT[code])


def pupil(personal_id: str = "079313224404", **changes: Any) -> Pupil:
    whole = Pupil(
        personal_id=personal_id,
        code=f"79240{personal_id[-5:]}",
        name=NAMES[personal_id],
        birth_date="2013-07-16",
        sex=Sex.FEMALE if personal_id[3] == "3" else Sex.MALE,
        ethnic_group="Kinh",
        nationality="Việt Nam",
        birthplace="TP. Hồ Chí Minh",
        residence="242 đường số 25, Phường Gò Vấp, TP. Hồ Chí Minh",
        father=Relative(name="Võ Gia Kiên", occupation="Công nhân"),
        mother=Relative(name="Nguyễn Thị Ngọc Chi", occupation="Buôn bán"),
    )
    return replace(whole, **changes)


def subject_result(code: str, name: str, kind: str, **changes: Any) -> SubjectResult:
    score = kind == "score"
    whole = SubjectResult(
        code=code,
        name=name,
        kind=kind,
        term1="8.0" if score else "D",
        term2="10.0" if score else "D",
        year="9.3" if score else "D",
        remark="Tích cực phát biểu; đọc & viết tốt, trung bình <9,5>.",
        teachers=teachers(code),
    )
    return replace(whole, **changes)


def transcript(**changes: Any) -> Transcript:
    whole = Transcript(
        id=TRANSCRIPT_ID,
        version=2,
        regulation="TT22-2021",
        form="TT22-THCS",
        level="THCS",
        grade=6,
        class_name="6A1",
        school_year="2024-2025",
        school=SCHOOL,
        pupil=pupil(),
        course_of_study=(
            StudyYear(
                school_year="2024-2025",
                class_name="6A1",
                school_name=SCHOOL.name,
                place="Phường Gò Vấp, TP. Hồ Chí Minh",
            ),
        ),
        subjects=tuple(subject_result(*subject) for subject in SUBJECTS),
        result=YearResult(
            conduct=LevelSeries(term1="TOT", term2="TOT", year="TOT"),
            learning=LevelSeries(term1="KHA", term2="TOT", year="TOT"),
            absences_excused=1,
            absences_unexcused=0,
            promotion="PROMOTED",
            title="GIOI",
            certificates="Chứng chỉ Tin học cơ bản",
            homeroom_remark="Ngoan, lễ phép, hoà đồng với bạn bè.",
            principal_remark="Đồng ý.",
        ),
        homeroom_teacher=HOMEROOM,
        principal=PRINCIPAL,
        class_record=digest("a"),
        previous=digest("b"),
        replaces=digest("c"),
        register_number="0123/THCS",
    )
    return replace(whole, **changes)


def marks(personal_id: str, kind: str = "score", term: int = 1, **changes: Any) -> PupilMarks:
    score = kind == "score"
    whole = PupilMarks(
        personal_id=personal_id,
        pupil_code=f"79240{personal_id[-5:]}",
        name=NAMES[personal_id],
        regular=("8.0", "9.5", None, "10.0") if score else ("D", "CD"),
        midterm="7.5" if score else "D",
        final="8.0" if score else "D",
        term_result=("8.0" if term == 1 else "8.6") if score else "D",
        year_result=None if term == 1 else "8.4" if score else "D",
        remark=f"Có tiến bộ ở học kì {term}.",
    )
    return replace(whole, **changes)


def subject_sheet(code: str = "TOAN", term: int = 1, **changes: Any) -> SubjectSheet:
    name, kind = next((name, kind) for each, name, kind in SUBJECTS if each == code)
    whole = SubjectSheet(
        identity=replace(IDENTITY, id=SHEET_ID),
        subject_code=code,
        subject_name=name,
        kind=kind,
        term=term,
        teachers=teachers(code),
        rows=tuple(marks(personal_id, kind, term) for personal_id in NAMES),
    )
    return replace(whole, **changes)


def term_record(term: int = 1, **changes: Any) -> TermRecord:
    whole = TermRecord(
        identity=replace(IDENTITY, id=TERM_ID),
        term=term,
        homeroom_teacher=HOMEROOM,
        sheets=tuple((code, digest(f"{index + 4 * term:x}")) for index, (code, _, _) in enumerate(SUBJECTS)),
        rows=tuple(
            PupilTerm(
                personal_id=personal_id,
                pupil_code=f"79240{personal_id[-5:]}",
                name=name,
                learning="KHA" if term == 1 else "TOT",
                conduct="TOT",
            )
            for personal_id, name in NAMES.items()
        ),
    )
    return replace(whole, **changes)


def year_record(**changes: Any) -> YearRecord:
    whole = YearRecord(
        identity=IDENTITY,
        homeroom_teacher=HOMEROOM,
        principal=PRINCIPAL,
        terms=((1, digest("1")), (2, digest("2"))),
        rows=tuple(
            PupilYear(
                personal_id=personal_id,
                pupil_code=f"79240{personal_id[-5:]}",
                name=name,
                learning="TOT",
                conduct="TOT",
                absences_excused=2,
                absences_unexcused=0,
                promotion="PROMOTED",
                title="GIOI",
                homeroom_remark="Ngoan, lễ phép.",
            )
            for personal_id, name in NAMES.items()
        ),
    )
    return replace(whole, **changes)
