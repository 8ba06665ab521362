"""One class of grade 3 as workbooks would say it: levels and tests at four times, and the decisions of the year."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hocba.documents.workbooks.values import (
    AssignmentRow,
    HomeroomRow,
    PrimaryRow,
    PrimarySubject,
    SchoolData,
)
from hocba.regulations.circular27 import rules
from tests.factories import small_school

CLASS = "3A"
GRADE = 3
HOMEROOM = "GV0008"
PUPILS = ("7924000001", "7924000002")
SUBJECTS = ("TIENGVIET", "TOAN", "NN1", "DAODUC", "TNXH", "THCN", "GDTC", "NGHETHUAT", "HDTN")
TEACHERS = {"NN1": "GV0006", "GDTC": "GV0007"}
"""All others are taught by the homeroom teacher, whom the assignments do not name for them."""

TRAITS = tuple(rules.qualities() | rules.competences(GRADE))


def data(code: str = small_school.CODE) -> SchoolData:
    """People and everything entered."""
    whole = small_school.data(code)
    return replace(
        whole,
        pupils=tuple(replace(small_school.pupil(CLASS, each), birth_date="2016-07-16") for each in PUPILS),
        assignments=tuple(
            AssignmentRow(
                source=small_school.PLACE,
                class_name=CLASS,
                subject_code=subject,
                term=term,
                staff_code=teacher,
                staff_name="",
            )
            for subject, teacher in TEACHERS.items()
            for term in (1, 2)
        ),
        homerooms=(
            HomeroomRow(source=small_school.PLACE, class_name=CLASS, staff_code=HOMEROOM, staff_name=""),
        ),
        primary=rows(),
    )


def rows() -> tuple[PrimaryRow, ...]:
    """Every pupil at each of the four times of the year."""
    return tuple(row(pupil, time) for time in range(4) for pupil in PUPILS)


def row(pupil: str, time: int, **changes: Any) -> PrimaryRow:
    """What is said of a pupil at one time; the last one is the year end."""
    at_end = time == rules.YEAR_END
    whole = PrimaryRow(
        source=small_school.PLACE,
        class_name=CLASS,
        time=time,
        pupil_code=pupil,
        name="",
        subjects=tuple(subject(code, time) for code in SUBJECTS),
        traits=tuple((code, "T" if at_end else "D") for code in TRAITS),
        overall="HOAN_THANH_TOT" if at_end else None,
        completed=True if at_end else None,
        promoted=True if at_end else None,
        award="Thư khen" if at_end else "",
        absences_excused=2 if at_end else None,
        absences_unexcused=0 if at_end else None,
        remark="Ngoan, lễ phép." if at_end else "",
    )
    return replace(whole, **changes)


def subject(code: str, time: int, **changes: Any) -> PrimarySubject:
    """Level T, and a test where the grade holds one."""
    tested = time in rules.tests_of(GRADE).get(code, ())
    whole = PrimarySubject(
        code=code,
        level="T",
        test="8" if tested else None,
        remark="Tiến bộ." if time % 2 else "",
    )
    return replace(whole, **changes)
