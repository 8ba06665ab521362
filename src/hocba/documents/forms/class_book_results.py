"""Sums of the book of a class: each term, the year, the levels and decisions, and the principal's remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.documents import labels
from hocba.documents.forms import wording
from hocba.documents.forms.class_book_attendance import months_of
from hocba.documents.forms.tables import Cell, Column, Table, mark, room

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocba.documents.class_record import PupilMarks, PupilYear
    from hocba.documents.forms.class_book import ClassBook

NOT_TAKEN: Final = "–"
_COMMENT_GROUP: Final = "Môn học đánh giá bằng nhận xét"
_SCORE_GROUP: Final = "Môn học đánh giá bằng nhận xét kết hợp điểm số"
_NAME, _LEVEL, _WIDEST_MARK = 50.0, 19.0, 14.0


def term_summary(book: ClassBook, term: int) -> Table:
    """Tổng hợp kết quả học kì: every subject's result, then learning and conduct."""
    rows = book.term_rows(term)
    results = {key: (labels.level(row.learning), labels.level(row.conduct)) for key, row in rows.items()}
    numeral = wording.ROMAN[term]
    return _summary(book, term, f"Tổng hợp HK {numeral}", f"TỔNG HỢP KẾT QUẢ HỌC KÌ {numeral}", results)


def year_summary(book: ClassBook) -> Table:
    """Tổng hợp kết quả cả năm, before any re-assessment."""
    results = {
        key: (labels.level(row.learning), labels.level(row.conduct)) for key, row in book.year_rows().items()
    }
    return _summary(book, None, "Tổng hợp cả năm", "TỔNG HỢP KẾT QUẢ CẢ NĂM", results)


def year_levels(book: ClassBook) -> Table:
    """Xếp loại cả năm: levels, levels after the summer, absences, promotion, awards, and the sums of the class."""
    found = book.year_rows()
    before, after = "Mức đánh giá", "Sau rèn luyện hè, đánh giá lại"
    return Table(
        name="Xếp loại cả năm",
        title="KẾT QUẢ RÈN LUYỆN, HỌC TẬP CẢ NĂM VÀ KẾT QUẢ LÊN LỚP",
        facts=(wording.class_and_year(book.class_name, book.school_year),),
        landscape=True,
        columns=(
            wording.NUMBER,
            wording.pupil_name(),
            Column(head=(before, "Kết quả rèn luyện"), width=_LEVEL),
            Column(head=(before, "Kết quả học tập"), width=_LEVEL),
            Column(head=(after, "Kết quả rèn luyện"), width=_LEVEL),
            Column(head=(after, "Kết quả học tập"), width=_LEVEL),
            *(Column(head=("Tổng số buổi nghỉ", label), width=9) for label in ("TS", "P", "K")),
            Column(head=("Được lên lớp",), width=14),
            Column(head=("Không được lên lớp",), width=16),
            Column(head=("Khen thưởng",), width=34, left=True),
            Column(head=("Ghi chú",), width=32, left=True),
        ),
        rows=tuple(
            (number, each.pupil.name, *_decision(found.get(each.pupil.personal_id)))
            for number, each in enumerate(book.pupils, start=1)
        ),
        empty="Chưa có học sinh.",
        notes=_sums(found),
        signatures=(wording.homeroom(book.homeroom_teacher), wording.principal(book.principal)),
    )


def homeroom_remarks(book: ClassBook) -> Table:
    """What the homeroom teacher says of every pupil at the year end (Quy chế Điều 22 khoản 5)."""
    found = book.year_rows()
    return Table(
        name="Nhận xét của GVCN",
        title="NHẬN XÉT CỦA GIÁO VIÊN CHỦ NHIỆM",
        facts=(wording.class_and_year(book.class_name, book.school_year),),
        landscape=True,
        columns=(wording.NUMBER, wording.pupil_name(60), Column(head=("Nhận xét",), share=1, left=True)),
        rows=tuple(
            (number, each.pupil.name, found[each.pupil.personal_id].homeroom_remark)
            if each.pupil.personal_id in found
            else (number, each.pupil.name, "")
            for number, each in enumerate(book.pupils, start=1)
        ),
        empty="Chưa có học sinh.",
        signatures=(wording.homeroom(book.homeroom_teacher),),
    )


def inspections(book: ClassBook) -> Table:
    """The principal's remarks on the use of the book, a line a month, signed and sealed."""
    found = {each.month: each for each in book.inspections}
    months = [month for _year, month in months_of(book)]
    months += [month for month in found if month not in months]
    rows: list[tuple[Cell, ...]] = []
    for month in dict.fromkeys(months):
        inspection = found.get(month)
        rows.append((f"Tháng {month}", *((inspection.remark, inspection.signer) if inspection else ("", ""))))
    return Table(
        name="Nhận xét của Hiệu trưởng",
        title="NHẬN XÉT CỦA HIỆU TRƯỞNG VỀ VIỆC SỬ DỤNG SỔ",
        facts=(wording.class_and_year(book.class_name, book.school_year),),
        columns=(
            Column(head=("Tháng",), width=22),
            Column(head=("Nhận xét",), share=1, left=True),
            Column(head=("Kí tên, đóng dấu",), width=48),
        ),
        rows=tuple(rows),
        size=10.5,
        row_height=19,
    )


def _summary(
    book: ClassBook, term: int | None, name: str, title: str, results: Mapping[str, tuple[str, str]]
) -> Table:
    ordered = [each for each in book.subjects if each[2] == "comment"]
    ordered += [each for each in book.subjects if each[2] != "comment"]
    marks = book.marks(2 if term is None else term)
    left = room(landscape=True) - wording.NUMBER.width - _NAME - 2 * _LEVEL
    wide = min(_WIDEST_MARK, left / max(1, len(ordered)))
    return Table(
        name=name,
        title=title,
        facts=(wording.class_and_year(book.class_name, book.school_year),),
        landscape=True,
        columns=(
            wording.NUMBER,
            wording.pupil_name(),
            *(
                Column(
                    head=(_COMMENT_GROUP if kind == "comment" else _SCORE_GROUP, subject),
                    width=wide,
                    turned=True,
                )
                for _code, subject, kind in ordered
            ),
            Column(head=("Kết quả học tập",), width=_LEVEL, bold=True),
            Column(head=("Kết quả rèn luyện",), width=_LEVEL, bold=True),
        ),
        rows=tuple(
            (
                number,
                each.pupil.name,
                *(
                    _result(marks.get(code), each.pupil.personal_id, year=term is None)
                    for code, _name, _kind in ordered
                ),
                *results.get(each.pupil.personal_id, ("", "")),
            )
            for number, each in enumerate(book.pupils, start=1)
        ),
        empty="Chưa có học sinh.",
        notes=("Đ: Đạt; CĐ: Chưa đạt; dấu “–”: học sinh không học môn học này.",),
        signatures=(wording.homeroom(book.homeroom_teacher), wording.principal(book.principal)),
    )


def _result(rows: Mapping[str, PupilMarks] | None, personal_id: str, *, year: bool) -> Cell:
    if rows is None:
        return ""
    row = rows.get(personal_id)
    if row is None:
        return NOT_TAKEN
    return mark(row.year_result if year else row.term_result)


def _decision(row: PupilYear | None) -> tuple[Cell, ...]:
    if row is None:
        return ("",) * 11
    excused, unexcused = row.absences_excused, row.absences_unexcused
    pending = row.promotion in ("RETEST", "SUMMER_TRAINING")
    return (
        labels.level(row.conduct),
        labels.level(row.learning),
        labels.level(row.conduct_after_summer),
        labels.level(row.learning_after_retest),
        excused + unexcused,
        excused,
        unexcused,
        "x" if row.promotion == "PROMOTED" else "",
        "x" if row.promotion == "RETAINED" else "",
        labels.title(row.title),
        labels.promotion(row.promotion) if pending else "",
    )


def _sums(found: Mapping[str, PupilYear]) -> tuple[str, ...]:
    rows = list(found.values())
    promoted = [row for row in rows if row.promotion == "PROMOTED"]
    later = [row for row in promoted if row.learning_after_retest or row.conduct_after_summer]
    retained = sum(row.promotion == "RETAINED" for row in rows)
    titles = [f"{label}: {sum(row.title == code for row in rows)}" for code, label in labels.TITLES.items()]
    return (
        f"Tổng hợp chung: Tổng số học sinh: {len(rows)}. Được lên lớp: {len(promoted)}, trong đó sau khi rèn luyện "
        f"trong kì nghỉ hè hoặc đánh giá lại môn học: {len(later)}. Không được lên lớp: {retained}. "
        f"Chưa có kết quả cuối cùng: {len(rows) - len(promoted) - retained}.",
        f"Khen thưởng: {'; '.join(titles)}.",
    )
