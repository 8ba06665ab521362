"""A school of two classes as workbooks would say it, for tests of the sector and tracking sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from hocba.documents.people import Relative, Sex
from hocba.documents.workbooks.values import (
    AssignmentRow,
    HomeroomRow,
    MarkRow,
    Place,
    PupilRow,
    School,
    SchoolData,
    StaffRow,
    SummaryRow,
)

CODE = "79764501"
YEAR = "2024-2025"
AT = datetime(2025, 5, 30, 9, 0, tzinfo=timezone(timedelta(hours=7)))
PLACE = Place(file="t.xlsx", sheet="Sheet1", row=5)

POSTS = {
    "GV0001": "Hiệu trưởng",
    "GV0002": "Phó Hiệu trưởng",
    "GV0003": "Nhân viên học vụ",
    "GV0004": "Nhân viên văn thư",
    "GV0005": "Quản trị viên",
    "GV0006": "Tổ trưởng chuyên môn",
    "GV0007": "Giáo viên",
    "GV0008": "Giáo viên",
    "GV0009": "Giáo viên",
}
TEACHING = {
    ("6A1", "TOAN"): ["GV0006"],
    ("6A1", "NGUVAN"): ["GV0007", "GV0008"],
    ("6A1", "GDTC"): ["GV0006"],
    ("6A2", "TOAN"): ["GV0009"],
}
HOMEROOM = {"6A1": "GV0008", "6A2": "GV0009"}
CLASSES = {"6A1": ["7924000001", "7924000002"], "6A2": ["7924000003"]}
SCORES = {"TOAN": 4, "NGUVAN": 4}


def data(code: str = CODE) -> SchoolData:
    """People only; add `marks()` and `summaries()` with `dataclasses.replace`."""
    return SchoolData(
        school=School(code=code, name="Trường THCS Mẫu", school_year=YEAR),
        pupils=tuple(pupil(name, each) for name, codes in CLASSES.items() for each in codes),
        staff=tuple(staff(each, post) for each, post in POSTS.items()),
        assignments=tuple(
            AssignmentRow(
                source=PLACE, class_name=name, subject_code=subject, term=term, staff_code=each, staff_name=""
            )
            for (name, subject), teachers in TEACHING.items()
            for term in (1, 2)
            for each in teachers
        ),
        homerooms=tuple(
            HomeroomRow(source=PLACE, class_name=name, staff_code=each, staff_name="")
            for name, each in HOMEROOM.items()
        ),
        marks=(),
        summaries=(),
    )


def pupil(class_name: str, code: str) -> PupilRow:
    number = int(code[-1])
    return PupilRow(
        source=PLACE,
        code=code,
        personal_id=f"07931300000{number}",
        name=f"Nguyễn Văn {'ABCDEFGHI'[number - 1]}",
        birth_date="2013-07-16",
        sex=Sex.FEMALE,
        class_name=class_name,
        status="Đang học",
        attending=True,
        ethnic_group="Kinh",
        nationality="Việt Nam",
        birthplace="TP. Hồ Chí Minh",
        residence="1 đường số 1",
        disability="",
        father=Relative(name="Nguyễn Văn Cha", occupation="Công nhân"),
        mother=None,
        phone="",
        status_date="2024-09-05",
    )


def staff(code: str, post: str) -> StaffRow:
    number = int(code[-1])
    return StaffRow(
        source=PLACE,
        code=code,
        name=f"Trần Thị {'ABCDEFGHI'[number - 1]}",
        email=f"{code.lower()}@mau.edu.vn",
        birth_date="1986-10-21",
        sex=Sex.MALE,
        personal_id=f"07908633771{number}",
        status="Đang làm việc",
        position="Giáo viên",
        post=post,
        subject_code=None,
    )


def marks(**changes: object) -> tuple[MarkRow, ...]:
    """Full marks of every sheet of class 6A1 and 6A2; `changes` go to every row."""
    rows = []
    for (class_name, subject), _ in TEACHING.items():
        score = subject in SCORES
        for term in (1, 2):
            for code in CLASSES[class_name]:
                row = MarkRow(
                    source=PLACE,
                    class_name=class_name,
                    subject_code=subject,
                    term=term,
                    pupil_code=code,
                    name="",
                    birth_date=None,
                    regular=("8.0", "7.5", "9.0", "8.0") if score else ("D", "D"),
                    midterm="8.0" if score else "D",
                    final="7.0" if score else "D",
                    remark="Chăm chỉ.",
                )
                rows.append(replace(row, **changes))
    return tuple(rows)


def summaries(**changes: object) -> tuple[SummaryRow, ...]:
    return tuple(
        replace(
            SummaryRow(
                source=PLACE,
                class_name=class_name,
                pupil_code=code,
                name="",
                conduct_term1="TOT",
                conduct_term2="KHA",
                absences_excused=1,
                absences_unexcused=0,
                homeroom_remark="Ngoan, lễ phép.",
            ),
            **changes,
        )
        for class_name, codes in CLASSES.items()
        for code in codes
    )
