"""One class of grade 10 whose three pupils have chosen different subjects, as workbooks would say it."""

from __future__ import annotations

from dataclasses import replace

from hocba.documents.workbooks.values import AssignmentRow, HomeroomRow, MarkRow, SchoolData, SummaryRow
from tests.factories import small_school

CLASS = "10A2"
FIRST, SECOND, THIRD = PUPILS = ("7924000001", "7924000002", "7924000003")
EVERYBODY = ("TOAN", "GDTC")
CHOSEN = {
    FIRST: ("DIALI", "VATLI", "TINHOC", "AMNHAC"),
    SECOND: ("DIALI", "VATLI", "TINHOC", "CONGNGHE"),
    THIRD: ("DIALI", "VATLI", "CONGNGHE", "AMNHAC"),
}
SUBJECTS = (*EVERYBODY, "DIALI", "VATLI", "CONGNGHE", "TINHOC", "AMNHAC")
TEACHERS = {"TOAN": "GV0006", "GDTC": "GV0006", "DIALI": "GV0007", "VATLI": "GV0007"}
COMMENTS = {"GDTC", "AMNHAC"}


def data(code: str = small_school.CODE) -> SchoolData:
    """People, full marks and summaries."""
    whole = small_school.data(code)
    return replace(
        whole,
        pupils=tuple(replace(small_school.pupil(CLASS, each), birth_date="2009-07-16") for each in PUPILS),
        assignments=tuple(
            AssignmentRow(
                source=small_school.PLACE,
                class_name=CLASS,
                subject_code=subject,
                term=term,
                staff_code=TEACHERS.get(subject, "GV0009"),
                staff_name="",
            )
            for subject in SUBJECTS
            for term in (1, 2)
        ),
        homerooms=(
            HomeroomRow(source=small_school.PLACE, class_name=CLASS, staff_code="GV0008", staff_name=""),
        ),
        marks=marks(),
        summaries=tuple(
            SummaryRow(
                source=small_school.PLACE,
                class_name=CLASS,
                pupil_code=each,
                name="",
                conduct_term1="TOT",
                conduct_term2="TOT",
                absences_excused=0,
                absences_unexcused=0,
                homeroom_remark="Ngoan.",
            )
            for each in PUPILS
        ),
    )


def marks() -> tuple[MarkRow, ...]:
    """A row for every pupil on every sheet of a subject the pupil takes."""
    return tuple(
        row(pupil, subject, term)
        for subject in SUBJECTS
        for term in (1, 2)
        for pupil in PUPILS
        if subject in (*EVERYBODY, *CHOSEN[pupil])
    )


def row(pupil: str, subject: str, term: int) -> MarkRow:
    """A full row of a mark sheet."""
    comment = subject in COMMENTS
    needed = 4 if subject == "TOAN" else 3
    return MarkRow(
        source=small_school.PLACE,
        class_name=CLASS,
        subject_code=subject,
        term=term,
        pupil_code=pupil,
        name="",
        birth_date=None,
        regular=("D", "D") if comment else ("8.0", "7.5", "9.0", "8.0")[:needed],
        midterm="D" if comment else "8.0",
        final="D" if comment else "7.0",
        remark="Chăm chỉ.",
    )
