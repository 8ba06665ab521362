"""What was entered against what came back from the sector database (flow 1), before anything is signed.

Both are subject sheets of the same class, subject and term. Who signs must see every difference: a row that
was lost, a row nobody entered, a value that changed on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents import labels
from hocba.documents.class_record import PupilMarks, SubjectSheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocba.documents.any_level import AnyMarks, AnySubjectSheet
    from hocba.documents.primary import PrimaryMarks


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


def differences(entered: AnySubjectSheet, returned: AnySubjectSheet) -> tuple[Difference, ...]:
    """Return every difference, those of the sheet first, then pupil by pupil in the order entered.

    The documents' own ids and versions are not compared: the sector database gives its own.
    """
    mine = {row.personal_id: row for row in entered.rows}
    theirs = {row.personal_id: row for row in returned.rows}
    found = list(_of_sheet(entered, returned))
    for personal_id in dict.fromkeys([*mine, *theirs]):
        found += _of_pupil(entered, mine.get(personal_id), theirs.get(personal_id))
    return tuple(found)


def _of_sheet(entered: AnySubjectSheet, returned: AnySubjectSheet) -> Iterator[Difference]:
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


def _heading(sheet: AnySubjectSheet) -> dict[str, str]:
    return {
        "trường": sheet.identity.school.code,
        "năm học": sheet.identity.school_year,
        "lớp": sheet.identity.class_name,
        "khối": str(sheet.identity.grade),
        "mã môn học": sheet.subject_code,
        "tên môn học": sheet.subject_name,
        "hình thức đánh giá": _kind(sheet),
        "học kì": labels.TERMS[sheet.term],
        "giáo viên": ", ".join(f"{teacher.name} ({teacher.code})" for teacher in sheet.teachers),
    }


def _of_pupil(sheet: AnySubjectSheet, mine: AnyMarks | None, theirs: AnyMarks | None) -> Iterator[Difference]:
    if mine is None or theirs is None:
        present = mine or theirs
        yield _difference(sheet, present, "dòng của học sinh", "có" if mine else "", "có" if theirs else "")
        return
    places = max(_places(mine), _places(theirs))
    left, right = _values(mine, places), _values(theirs, places)
    for name in dict.fromkeys([*left, *right]):
        if left.get(name, "") != right.get(name, ""):
            yield _difference(sheet, mine, name, left.get(name, ""), right.get(name, ""))


def _kind(sheet: AnySubjectSheet) -> str:
    """How the subject is assessed, in words that differ between the levels of schooling."""
    return labels.KINDS[sheet.kind] if isinstance(sheet, SubjectSheet) else labels.PRIMARY_KIND


def _places(row: AnyMarks) -> int:
    return len(row.regular) if isinstance(row, PupilMarks) else 0


def _values(row: AnyMarks, places: int) -> dict[str, str]:
    common = {"mã học sinh": row.pupil_code, "họ và tên": row.name, "nhận xét": row.remark}
    return common | (
        _values_of_secondary(row, places) if isinstance(row, PupilMarks) else _values_of_primary(row)
    )


def _values_of_primary(row: PrimaryMarks) -> dict[str, str]:
    return {
        "mức đạt được giữa học kì": labels.subject_level(row.middle_level),
        "điểm kiểm tra giữa học kì": row.middle_test or "",
        "mức đạt được cuối học kì": labels.subject_level(row.end_level),
        "điểm kiểm tra cuối học kì": row.end_test or "",
    }


def _values_of_secondary(row: PupilMarks, places: int) -> dict[str, str]:
    regular = [*row.regular, *[None] * (places - len(row.regular))]
    return {
        **{f"đánh giá thường xuyên lần {place}": labels.mark(mark) for place, mark in enumerate(regular, 1)},
        "đánh giá giữa kì": labels.mark(row.midterm),
        "đánh giá cuối kì": labels.mark(row.final),
        "kết quả học kì": labels.mark(row.term_result),
        "kết quả cả năm": labels.mark(row.year_result),
        "sau đánh giá lại": labels.mark(row.after_retest),
    }


def _difference(
    sheet: AnySubjectSheet, row: AnyMarks | None, field: str, entered: str, returned: str
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
