"""What was entered against what came back from the sector database (flow 1), before anything is signed.

Both are subject sheets of the same class, subject and term. Who signs must see every difference: a row that
was lost, a row nobody entered, a value that changed on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents import labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocba.documents.class_record import PupilMarks, SubjectSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference: `field` in Vietnamese, `entered` and `returned` as shown on screens, "" for empty."""

    personal_id: str
    pupil_name: str
    subject_code: str
    subject_name: str
    term: int
    field: str
    entered: str
    returned: str

    def __str__(self) -> str:
        """Return the difference as a Vietnamese sentence."""
        who = f"{self.pupil_name} ({self.personal_id}), " if self.personal_id else ""
        return (
            f"{who}môn {self.subject_name}, học kì {'I' * self.term}, {self.field}: "
            f"đã nhập {_quoted(self.entered)}, cơ sở dữ liệu ngành trả về {_quoted(self.returned)}"
        )


def differences(entered: SubjectSheet, returned: SubjectSheet) -> tuple[Difference, ...]:
    """Return every difference, those of the sheet first, then pupil by pupil in the order entered.

    The documents' own ids and versions are not compared: the sector database gives its own.
    """
    mine = {row.personal_id: row for row in entered.rows}
    theirs = {row.personal_id: row for row in returned.rows}
    found = list(_of_sheet(entered, returned))
    for personal_id in dict.fromkeys([*mine, *theirs]):
        found += _of_pupil(entered, mine.get(personal_id), theirs.get(personal_id))
    return tuple(found)


def _of_sheet(entered: SubjectSheet, returned: SubjectSheet) -> Iterator[Difference]:
    theirs = _heading(returned)
    for name, value in _heading(entered).items():
        if value != theirs[name]:
            yield _difference(entered, None, name, value, theirs[name])
    for side, sheet in (("đã nhập", entered), ("trả về", returned)):
        ids = [row.personal_id for row in sheet.rows]
        for personal_id in dict.fromkeys(ids):
            times = ids.count(personal_id)
            if times > 1:
                row = next(row for row in sheet.rows if row.personal_id == personal_id)
                counts = ("1", str(times)) if sheet is returned else (str(times), "1")
                yield _difference(entered, row, f"số dòng {side}", *counts)


def _heading(sheet: SubjectSheet) -> dict[str, str]:
    return {
        "trường": sheet.identity.school.code,
        "năm học": sheet.identity.school_year,
        "lớp": sheet.identity.class_name,
        "khối": str(sheet.identity.grade),
        "mã môn học": sheet.subject_code,
        "tên môn học": sheet.subject_name,
        "hình thức đánh giá": labels.KINDS[sheet.kind],
        "học kì": labels.TERMS[sheet.term],
        "giáo viên": ", ".join(f"{teacher.name} ({teacher.code})" for teacher in sheet.teachers),
    }


def _of_pupil(
    sheet: SubjectSheet, mine: PupilMarks | None, theirs: PupilMarks | None
) -> Iterator[Difference]:
    if mine is None or theirs is None:
        present = mine or theirs
        yield _difference(sheet, present, "dòng của học sinh", "có" if mine else "", "có" if theirs else "")
        return
    places = max(len(mine.regular), len(theirs.regular))
    left, right = _values(mine, places), _values(theirs, places)
    for name, value in left.items():
        if value != right[name]:
            yield _difference(sheet, mine, name, value, right[name])


def _values(row: PupilMarks, places: int) -> dict[str, str]:
    regular = [*row.regular, *[None] * (places - len(row.regular))]
    return {
        "mã học sinh": row.pupil_code,
        "họ và tên": row.name,
        **{f"đánh giá thường xuyên lần {place}": labels.mark(mark) for place, mark in enumerate(regular, 1)},
        "đánh giá giữa kì": labels.mark(row.midterm),
        "đánh giá cuối kì": labels.mark(row.final),
        "kết quả học kì": labels.mark(row.term_result),
        "kết quả cả năm": labels.mark(row.year_result),
        "sau đánh giá lại": labels.mark(row.after_retest),
        "nhận xét": row.remark,
    }


def _difference(
    sheet: SubjectSheet, row: PupilMarks | None, field: str, entered: str, returned: str
) -> Difference:
    return Difference(
        personal_id=row.personal_id if row else "",
        pupil_name=row.name if row else "",
        subject_code=sheet.subject_code,
        subject_name=sheet.subject_name,
        term=sheet.term,
        field=field,
        entered=entered,
        returned=returned,
    )


def _quoted(value: str) -> str:
    return f"“{value}”" if value else "trống"
