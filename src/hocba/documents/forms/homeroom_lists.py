"""The lists a homeroom teacher makes of the class at the year end (Quy chế Điều 22 khoản 4; TT 22/2021 Điều 12–15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hocba.documents import labels
from hocba.documents.forms import booklets, spreadsheets, wording
from hocba.documents.forms.booklets import Booklet
from hocba.documents.forms.tables import Cell, Column, Letterhead, Table, mark, shown
from hocba.regulations.lists import YearLists, year_lists

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from hocba.documents.class_record import PupilMarks, PupilYear
    from hocba.documents.forms.class_book import ClassBook
    from hocba.documents.people import Pupil

_LEVEL: Final = 19.0


class _List(NamedTuple):
    name: str
    title: str
    pupils: list[tuple[str, str]]  # personal ID and what stands in the last column
    last_head: str
    last_width: float


def homeroom_lists_pdf(
    book: ClassBook, *, at: datetime, dated: date | None = None, authority: str = ""
) -> bytes:
    """All lists, a page or more each (PDF/A-3a, PDF/UA-1).

    Args:
        at: time of printing.
        dated: the day the lists bear; dots to be filled by hand without it.
        authority: the superior authority above the school's name.

    Raises TypesettingError for a letter that the font cannot print.
    """
    return booklets.pdf(booklet(book, dated=dated, authority=authority), at=at)


def homeroom_lists_xlsx(
    book: ClassBook, *, at: datetime, dated: date | None = None, authority: str = ""
) -> bytes:
    """All lists as a workbook, a sheet each."""
    return spreadsheets.workbook(booklet(book, dated=dated, authority=authority), at=at)


def lists_of(book: ClassBook) -> YearLists:
    """The pupils of the class by what the year came to; keys are personal IDs, in the order of the class."""
    marks = book.marks(2)
    rows = book.year_rows()
    order = [each.pupil.personal_id for each in book.pupils if each.pupil.personal_id in rows]
    return year_lists((key, _answer(rows[key], key, marks)) for key in order)


def booklet(book: ClassBook, *, dated: date | None, authority: str) -> Booklet:
    """The lists, also those nobody is on: an empty list says so."""
    about = wording.class_and_year(book.class_name, book.school_year)
    return Booklet(
        title=f"Danh sách tổng hợp cuối năm – {about}",
        author=book.school.name,
        running=f"Danh sách tổng hợp cuối năm – {about}",
        pages=tuple(_table(book, each, dated, authority) for each in _lists(book)),
    )


def _answer(row: PupilYear, key: str, marks: dict[str, dict[str, PupilMarks]]) -> dict[str, Any]:
    """A row of the year record in the shape the rules answer in, which the lists are made from."""
    years = [(code, rows[key].year_result) for code, rows in marks.items() if key in rows]
    return {
        "subjects": [{"code": code, "year": year} for code, year in years],
        "learning": {"after_retest": row.learning_after_retest},
        "conduct": {"after_summer": row.conduct_after_summer},
        "promotion": row.promotion,
        "title": row.title,
        "reasons": [],
    }


def _lists(book: ClassBook) -> list[_List]:
    lists = lists_of(book)
    after = [(key, "Sau đánh giá lại môn học") for key in lists.promoted_after_retest]
    after += [(key, "Sau rèn luyện trong kì nghỉ hè") for key in lists.promoted_after_summer]
    promoted = _in_order(book, [*((key, "") for key in lists.promoted), *after])
    note = ("Ghi chú", 34.0)
    found = [
        _List("Được lên lớp", "DANH SÁCH HỌC SINH ĐƯỢC LÊN LỚP", promoted, *note),
        _List("Không được lên lớp", "DANH SÁCH HỌC SINH KHÔNG ĐƯỢC LÊN LỚP", _plain(lists.retained), *note),
        _List(
            "Đánh giá lại môn học",
            "DANH SÁCH HỌC SINH ĐÁNH GIÁ LẠI MÔN HỌC TRONG KÌ NGHỈ HÈ",
            [(key, _subjects(book, key, codes)) for key, codes in lists.retest],
            "Môn học đánh giá lại (kết quả cả năm)",
            58.0,
        ),
        _List(
            "Rèn luyện hè",
            "DANH SÁCH HỌC SINH RÈN LUYỆN TRONG KÌ NGHỈ HÈ",
            _plain(lists.summer_training),
            *note,
        ),
        _List(
            "Khen thưởng",
            "DANH SÁCH HỌC SINH ĐỀ NGHỊ KHEN THƯỞNG CUỐI NĂM HỌC",
            [(key, labels.TITLES["XUAT_SAC"]) for key in lists.excellent]
            + [(key, labels.TITLES["GIOI"]) for key in lists.good],
            "Danh hiệu",
            34.0,
        ),
    ]
    undecided = _plain([key for key, _reasons in lists.undecided])
    if undecided:
        found.append(_List("Chưa đủ kết quả", "DANH SÁCH HỌC SINH CHƯA ĐỦ KẾT QUẢ", undecided, *note))
    return found


def _plain(keys: Iterable[str]) -> list[tuple[str, str]]:
    return [(key, "") for key in keys]


def _in_order(book: ClassBook, rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    places = {each.pupil.personal_id: place for place, each in enumerate(book.pupils)}
    return sorted(rows, key=lambda row: places[row[0]])


def _subjects(book: ClassBook, key: str, codes: Iterable[str]) -> str:
    marks = book.marks(2)
    names = {code: name for code, name, _kind in book.subjects}
    return "; ".join(f"{names[code]} ({shown(mark(marks[code][key].year_result))})" for code in codes)


def _table(book: ClassBook, each: _List, dated: date | None, authority: str) -> Table:
    pupils = {every.pupil.personal_id: every.pupil for every in book.pupils}
    rows = book.year_rows()
    return Table(
        name=each.name,
        title=each.title,
        facts=(wording.class_and_year(book.class_name, book.school_year),),
        letterhead=Letterhead(authority=authority, school=book.school.name),
        columns=(
            wording.NUMBER,
            Column(head=("Mã học sinh",), width=22),
            wording.pupil_name(),
            Column(head=("Ngày sinh",), width=20),
            Column(head=("Nam/ nữ",), width=10),
            Column(head=("Kết quả rèn luyện",), width=14),
            Column(head=("Kết quả học tập",), width=14),
            Column(head=("Số buổi nghỉ",), width=11),
            Column(head=(each.last_head,), width=each.last_width, left=True),
        ),
        rows=tuple(
            _row(number, pupils[key], rows[key], note)
            for number, (key, note) in enumerate(each.pupils, start=1)
        ),
        row_height=5.8,
        empty="Không có học sinh.",
        notes=(f"Danh sách gồm {len(each.pupils)} học sinh.",) if each.pupils else (),
        dated=wording.place_and_date(book.school, dated),
        signatures=(wording.homeroom(book.homeroom_teacher), wording.principal(book.principal)),
    )


def _row(number: int, pupil: Pupil, row: PupilYear, note: str) -> tuple[Cell, ...]:
    return (
        number,
        pupil.code,
        pupil.name,
        labels.birth_date(pupil.birth_date),
        labels.SEXES[pupil.sex],
        labels.level(row.conduct_after_summer or row.conduct),
        labels.level(row.learning_after_retest or row.learning),
        row.absences_excused + row.absences_unexcused,
        note,
    )
