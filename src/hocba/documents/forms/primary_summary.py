"""Bảng tổng hợp kết quả đánh giá giáo dục of a class of tiểu học (TT 27/2020), in all its variants.

What stands on it follows from the grade and the time of the year: middle of a term, end of term I, year end, each
for grades 1–2, 3 and 4–5 (subjects, periodic tests and competences differ).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hocba.documents import labels
from hocba.documents.forms import booklets, spreadsheets, wording
from hocba.documents.forms.booklets import Booklet
from hocba.documents.forms.tables import Cell, Column, Letterhead, Table, room
from hocba.documents.people import Sex
from hocba.regulations import curriculum
from hocba.regulations.circular27 import rules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hocba.documents.people import School, StaffMember
    from hocba.regulations.curriculum import Subject

_OVERALL_SHORT: Final = {
    "HOAN_THANH_XUAT_SAC": "HTXS",
    "HOAN_THANH_TOT": "HTT",
    "HOAN_THANH": "HT",
    "CHUA_HOAN_THANH": "CHT",
}
_TRAIT_SHORT: Final = {"T": "T", "D": "Đ", "C": "C"}
_TICK: Final = {True: "x", False: "", None: ""}
_NAME, _BIRTH, _AWARD, _ABSENCE, _END, _OVERALL = 38.0, 17.5, 26.5, 6.5, 8.0, 11.0
_WIDEST = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryPupil:
    """One row. `levels` T, H, C and `tests` "0" to "10" by subject code; `traits` T, D, C by code.

    The last five are of the year end: `overall` HOAN_THANH_XUAT_SAC to CHUA_HOAN_THANH, whether the grade was
    completed and the pupil moves up (decisions of people), the award as text.
    """

    pupil_code: str
    name: str
    birth_date: str
    sex: Sex
    levels: Mapping[str, str | None]
    tests: Mapping[str, str | None]
    traits: Mapping[str, str | None]
    absences_excused: int | None = None
    absences_unexcused: int | None = None
    overall: str | None = None
    completed: bool | None = None
    promoted: bool | None = None
    award: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimarySummary:
    """A class of tiểu học at one time of the year: 0 to 3, as `rules.TIMES`; grade 1 to 5."""

    school: School
    school_year: str
    class_name: str
    grade: int
    time: int
    homeroom_teacher: StaffMember
    principal: StaffMember
    pupils: tuple[PrimaryPupil, ...]


def primary_summary_pdf(
    summary: PrimarySummary, *, at: datetime, dated: date | None = None, authority: str = ""
) -> bytes:
    """The table on A4 across (PDF/A-3a, PDF/UA-1); `dated` is the day it bears. Raises TypesettingError."""
    return booklets.pdf(booklet(summary, dated=dated, authority=authority), at=at)


def primary_summary_xlsx(
    summary: PrimarySummary, *, at: datetime, dated: date | None = None, authority: str = ""
) -> bytes:
    """The same table as a workbook."""
    return spreadsheets.workbook(booklet(summary, dated=dated, authority=authority), at=at)


def booklet(summary: PrimarySummary, *, dated: date | None, authority: str) -> Booklet:
    """The one table as a document."""
    about = wording.class_and_year(summary.class_name, summary.school_year)
    title = f"Bảng tổng hợp kết quả đánh giá giáo dục {rules.TIMES[summary.time]} – {about}"
    return Booklet(
        title=title, author=summary.school.name, running=title, pages=(table(summary, dated, authority),)
    )


def table(summary: PrimarySummary, dated: date | None, authority: str) -> Table:
    """The table with the columns of its grade and time."""
    at_end = summary.time == rules.YEAR_END
    narrow = _narrow_columns(summary)
    fixed = (
        wording.NUMBER.width + _NAME + _BIRTH + 2 * _ABSENCE + (_OVERALL + 2 * _END + _AWARD if at_end else 0)
    )
    wide = min(_WIDEST, (room(landscape=True) - fixed) / len(narrow))
    girls = sum(each.sex is Sex.FEMALE for each in summary.pupils)
    return Table(
        name=f"{summary.class_name} {rules.TIMES[summary.time]}",
        title=f"BẢNG TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ GIÁO DỤC – {rules.TIMES[summary.time].upper()}",
        facts=(
            wording.class_and_year(summary.class_name, summary.school_year),
            f"Sĩ số: {len(summary.pupils)} học sinh, trong đó nữ: {girls}",
        ),
        letterhead=Letterhead(authority=authority, school=summary.school.name),
        landscape=True,
        size=8.5,
        head_size=7.5,
        row_height=4.4,
        inset=0.4,
        columns=(
            wording.NUMBER,
            wording.pupil_name(),
            Column(head=("Ngày, tháng, năm sinh",), width=_BIRTH),
            *(Column(head=head, width=wide, turned=True) for head in narrow),
            *(
                Column(head=("Số ngày nghỉ", label), width=_ABSENCE, turned=True)
                for label in ("Có phép", "Không phép")
            ),
            *(_end_columns(summary.grade) if at_end else ()),
        ),
        rows=tuple(_row(number, each, summary) for number, each in enumerate(summary.pupils, start=1)),
        empty="Chưa có học sinh.",
        notes=_legend(at_end=at_end),
        dated=wording.place_and_date(summary.school, dated),
        signatures=(wording.homeroom(summary.homeroom_teacher), wording.principal(summary.principal)),
    )


def subjects_of(summary: PrimarySummary) -> list[Subject]:
    """The subjects of the grade: compulsory ones, and those by choice that some pupil has a result in."""
    taken = {code for each in summary.pupils for code, level in each.levels.items() if level is not None}
    return [
        subject
        for subject in curriculum.subjects_for("TIEUHOC", summary.grade, summary.school_year)
        if subject.group_in(summary.grade) == "compulsory" or subject.code in taken
    ]


def _tested(summary: PrimarySummary, subject: Subject) -> bool:
    return summary.time in rules.tests_of(summary.grade).get(subject.code, ())


def _narrow_columns(summary: PrimarySummary) -> list[tuple[str, ...]]:
    heads: list[tuple[str, ...]] = []
    group = "Môn học và hoạt động giáo dục"
    for subject in subjects_of(summary):
        if _tested(summary, subject):
            heads += [(group, subject.name, "Mức đạt được"), (group, subject.name, "Điểm KTĐK")]
        else:
            heads.append((group, subject.name))
    competences = "Năng lực cốt lõi"
    heads += [(competences, "Năng lực chung", name) for name in rules.general_competences().values()]
    specific = rules.specific_competences(summary.grade)
    heads += [(competences, "Năng lực đặc thù", name) for name in specific.values()]
    heads += [("Phẩm chất chủ yếu", name) for name in rules.qualities().values()]
    return heads


def _end_columns(grade: int) -> tuple[Column, ...]:
    completed = "Hoàn thành chương trình " + ("tiểu học" if grade == rules.GRADES[-1] else "lớp học")
    return (
        Column(head=("Đánh giá kết quả giáo dục",), width=_OVERALL, turned=True, bold=True),
        Column(head=(completed,), width=_END, turned=True),
        Column(head=("Được lên lớp",), width=_END, turned=True),
        Column(head=("Khen thưởng",), width=_AWARD, left=True),
    )


def _row(number: int, pupil: PrimaryPupil, summary: PrimarySummary) -> tuple[Cell, ...]:
    cells: list[Cell] = [number, pupil.name, labels.birth_date(pupil.birth_date)]
    for subject in subjects_of(summary):
        cells.append(pupil.levels.get(subject.code) or "")
        if _tested(summary, subject):
            test = pupil.tests.get(subject.code)
            cells.append("" if test is None else int(test))
    codes = [*rules.competences(summary.grade), *rules.qualities()]
    cells += [_TRAIT_SHORT.get(pupil.traits.get(code) or "", "") for code in codes]
    absences = (pupil.absences_excused, pupil.absences_unexcused)
    cells += ["" if days is None else days for days in absences]
    if summary.time == rules.YEAR_END:
        cells.append("" if pupil.overall is None else _OVERALL_SHORT[pupil.overall])
        cells += [_TICK[pupil.completed], _TICK[pupil.promoted], pupil.award]
    return tuple(cells)


def _legend(*, at_end: bool) -> tuple[str, ...]:
    overall = "; ".join(
        f"{_OVERALL_SHORT[code]}: {shown}"
        for code, shown in zip(reversed(rules.OVERALL), reversed(rules.OVERALL_SHOWN), strict=True)
    )
    lines = (
        "Môn học, hoạt động giáo dục – T: Hoàn thành tốt; H: Hoàn thành; C: Chưa hoàn thành. "
        "Năng lực, phẩm chất – T: Tốt; Đ: Đạt; C: Cần cố gắng. KTĐK: kiểm tra định kì.",
    )
    return (*lines, f"Đánh giá kết quả giáo dục – {overall}.") if at_end else lines
