"""Transcript to the words of the form: everything the layout prints, ready made."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from hocba.documents import labels
from hocba.documents.pdf import heights, places
from hocba.documents.pdf.heights import Piece
from hocba.documents.pdf.qr import qr_svg
from hocba.signing.instants import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hocba.documents.people import Pupil, Relative, School
    from hocba.documents.transcript import StudyYear, SubjectResult, Transcript, YearResult

FONT: Final = "Libertinus Serif"
CIRCULAR: Final = (
    "(Mẫu ban hành kèm theo Thông tư số 22/2021/TT-BGDĐT ngày 20 tháng 7 năm 2021 "
    "của Bộ trưởng Bộ Giáo dục và Đào tạo)"
)
_COURSE_ROWS: Final = 4
# The particulars: size of the letters, widths of the first of two entries beside the photograph and below it, and
# the space before the second.
_PARTICULARS_SIZE, _HALF, _WIDE, _GAP = 12.0, 68.0, 110.0, 4.0
# Columns of the tables without their insets, in millimetres.
_NAME_ROOM, _REMARK_ROOM = 29.8, 78.8
_COURSE_ROOMS: Final = (20.4, 16.4, 79.4, 42.4)
_COURSE_SIZES: Final = (10.5, 10.5, 10.5, 8.5)
_NOTE_ROOM, _NOTE_INSETS, _HIGHEST_NOTE = 167.0, 5.0, 150.0
# Points between two lines.
_COURSE_LEADING, _SUBJECT_LEADING, _NOTE_LEADING = 5.25, 4.5, 0.62
# What page A has for the rows of its table.
_ROOM_FOR_SUBJECTS: Final = 196.0
# A row is kept whole unless its remark is longer than this.
_ROW_OF_ONE_PAGE: Final = 2000
# A word without a break longer than this would leave its cell.
_LONGEST_WORD = 24


def form_data(
    transcript: Transcript,
    *,
    record_digest: str,
    subject_signatures: Mapping[str, Sequence[tuple[str, datetime]]],
    verify_url: str,
    counted: bool = False,
) -> dict[str, Any]:
    """All texts and sizes the layout prints, as one JSON-ready dictionary.

    `counted` is for a form of more than `places.PAGES` pages, whose numbers only the typesetter knows.
    """
    pupil, year = transcript.pupil, transcript.school_year
    return {
        "font": FONT,
        "title": f"Học bạ của {pupil.name}, lớp {transcript.class_name}, năm học {year}",
        "author": transcript.school.name,
        "description": f"Học bạ số {transcript.id}, phiên bản {transcript.version}",
        "keywords": ["học bạ số", transcript.id, record_digest],
        "attachment": "Dữ liệu học bạ (XML chuẩn tắc) mà tệp PDF này thể hiện",
        "counted": counted,
        "page": places.MARGINS | {"text_height": places.TEXT_HEIGHT},
        "places": places.layout_numbers(),
        "footer": _footer(transcript, record_digest),
        "cover": _cover(transcript),
        "qr": _qr(verify_url),
        "notes": {
            "homeroom": f"{transcript.homeroom_teacher.name}\nXác nhận bằng chữ ký số – xem trang cuối",
            "principal": f"{transcript.principal.name}\nXác nhận bằng chữ ký số, dấu số – xem trang cuối",
        },
        "particulars": _particulars(pupil),
        "course": _course(transcript),
        "page_a": {
            "class": transcript.class_name,
            "year": year,
            "rows": _subjects(transcript, subject_signatures),
        },
        "page_b": _page_b(transcript),
    }


def _footer(transcript: Transcript, record_digest: str) -> dict[str, str]:
    return {
        "identity": f"Mã học bạ: {transcript.id} – phiên bản {transcript.version}",
        "digest": f"Giá trị băm của dữ liệu: {record_digest}",
        "pupil": f"{transcript.pupil.name} – lớp {transcript.class_name} – năm học {transcript.school_year}",
    }


def _cover(transcript: Transcript) -> dict[str, Any]:
    school, pupil = transcript.school, transcript.pupil
    number = transcript.register_number or "……………"
    lines = [("Trường", _name_of_school(school))]
    lines += [("Xã/Phường/Đặc khu", school.ward)] if school.ward else []
    lines += [("Tỉnh/Thành phố", school.province)] if school.province else []
    lines += [("Năm học – Lớp", f"{transcript.school_year} – {transcript.class_name}")]
    return {
        "level": labels.SCHOOL_LEVELS[transcript.level],
        "form": CIRCULAR,
        "name": _breakable(pupil.name.upper()),
        "name_size": 22 if len(pupil.name) <= 30 else 17,
        "lines": [(label, _breakable(text)) for label, text in lines],
        "number": number if "/" in number else f"{number}/{transcript.level}",
    }


def _name_of_school(school: School) -> str:
    """The name without its leading "Trường", which the form prints itself."""
    name = school.name.strip()
    return name[len("trường ") :] if name.lower().startswith("trường ") else name


def _qr(verify_url: str) -> dict[str, str]:
    return {
        "svg": qr_svg(verify_url),
        "alt": f"Mã QR dẫn tới trang xác minh học bạ: {verify_url}",
        "caption": "Quét mã QR để tra cứu và xác minh học bạ trên cổng của Sở Giáo dục và Đào tạo.",
        "address": _breakable(verify_url),
    }


def _particulars(pupil: Pupil) -> dict[str, Any]:
    relatives = (("cha", pupil.father), ("mẹ", pupil.mother), ("người giám hộ", pupil.guardian))
    return {
        "name": _breakable(pupil.name.upper()),
        "sex": labels.SEXES[pupil.sex],
        "birth": _date(pupil.birth_date),
        "birthplace": _breakable(pupil.birthplace),
        "ethnic": _breakable(pupil.ethnic_group),
        "nationality": _breakable(pupil.nationality),
        "personal_id": pupil.personal_id,
        "code": pupil.code,
        "policy": _breakable(pupil.policy),
        "disability": _breakable(pupil.disability),
        "residence": _breakable(pupil.residence),
        "half": _HALF,
        "wide": _WIDE,
        "short": _fits(f"Dân tộc: {pupil.ethnic_group}", _HALF),
        "relatives": [_relative(label, person) for label, person in relatives],
    }


def _relative(label: str, person: Relative | None) -> dict[str, Any]:
    name, occupation = (_breakable(person.name), _breakable(person.occupation)) if person else ("", "")
    label = f"Họ và tên {label}"
    return {
        "label": label,
        "name": name,
        "occupation": occupation,
        "short": _fits(f"{label}: {name}", _WIDE),
    }


def _fits(text: str, room: float) -> bool:
    """Whether an entry of the particulars leaves room for another in its line."""
    return heights.fits(text, _PARTICULARS_SIZE, room - _GAP)


def _course(transcript: Transcript) -> list[dict[str, Any]]:
    """The rows of the course of study, and empty ones up to the four of the paper form."""
    rows = [_course_row(transcript, row) for row in transcript.course_of_study]
    rows += [("\u00a0", "", "", "")] * (_COURSE_ROWS - len(rows))
    names = ("year", "class", "school", "note")
    return [dict(zip(names, row, strict=True)) | {"height": _course_height(row)} for row in rows]


def _course_height(row: tuple[str, ...]) -> float | None:
    cells = [
        heights.height([Piece(text, size)], room, _COURSE_LEADING)
        for text, size, room in zip(row, _COURSE_SIZES, _COURSE_ROOMS, strict=True)
    ]
    return _row_height(cells, 2.6)


def _row_height(cells: Sequence[float | None], space: float) -> float | None:
    """The height of a row whose texts have these heights; None when the typesetter has to find it."""
    known = [cell for cell in cells if cell is not None]
    return round(max(known) + 2 * space, 2) if len(known) == len(cells) else None


def _course_row(transcript: Transcript, row: StudyYear) -> tuple[str, str, str, str]:
    place = f"{row.school_name}, {row.place}" if row.place else row.school_name
    same = row.school_year == transcript.school_year
    note = "Ký số – xem trang cuối" if same else "Theo học bạ năm học đó"
    return row.school_year, row.class_name, _breakable(place), note


def _subjects(
    transcript: Transcript, signatures: Mapping[str, Sequence[tuple[str, datetime]]]
) -> list[dict[str, Any]]:
    """The rows of page A, as far apart as one page allows."""
    rows = [_subject(row, signatures.get(row.code, ())) for row in transcript.subjects]
    texts = [_text_heights(row) for row in rows]
    taken = sum(max((cell for cell in cells if cell is not None), default=0.0) for cells in texts)
    space = min(3.0, max(1.0, (_ROOM_FOR_SUBJECTS - taken) / (2 * max(1, len(rows)))))
    for row, cells in zip(rows, texts, strict=True):
        row["height"] = _row_height(cells, space)
    return rows


def _subject(row: SubjectResult, signatures: Sequence[tuple[str, datetime]]) -> dict[str, Any]:
    lines = [f"{name} – đã ký số {_moment(at)}" for name, at in signatures]
    signed = {name for name, _ in signatures}
    lines += [f"Giáo viên: {person.name}" for person in row.teachers if person.name not in signed]
    return {
        "name": _breakable(row.name),
        "term1": labels.mark(row.term1, short=True),
        "term2": labels.mark(row.term2, short=True),
        "year": labels.mark(row.year, short=True),
        "retest": labels.mark(row.after_retest, short=True),
        "remark": _breakable(row.remark),
        "size": 9.4 if len(row.remark) <= 180 else 8.4,
        "long": len(row.remark) > _ROW_OF_ONE_PAGE,
        "signatures": [_breakable(line) for line in lines],
    }


def _text_heights(row: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Of the name, and of the remark with its signatures."""
    remark = [Piece(row["remark"], row["size"])]
    remark += [Piece(line, places.SIGNATURE_LINE_SIZE) for line in row["signatures"]]
    return (
        heights.height([Piece(row["name"], 10)], _NAME_ROOM, _SUBJECT_LEADING),
        heights.height(remark, _REMARK_ROOM, _SUBJECT_LEADING),
    )


def _page_b(transcript: Transcript) -> dict[str, Any]:
    school, result = transcript.school, transcript.result
    principal = transcript.principal.title or "Hiệu trưởng"
    longest = len(result.homeroom_remark) + len(result.principal_remark)
    size = 11 if longest <= 700 else 9.5 if longest <= 1400 else 8.4
    remarks = _breakable(result.homeroom_remark), _breakable(result.principal_remark)
    return {
        "school": _breakable(_name_of_school(school)),
        "place": _breakable(", ".join(part for part in (school.ward, school.province) if part)),
        "conduct": [labels.level(level) for level in _series(result, "conduct")],
        "learning": [labels.level(level) for level in _series(result, "learning")],
        "absences": _absences(result),
        "conduct_after": labels.level(result.conduct_after_summer),
        "learning_after": labels.level(result.learning_after_retest),
        "promotion": labels.promotion(result.promotion),
        "certificates": _breakable(result.certificates),
        "competitions": _breakable(result.competitions),
        "awards": _breakable(_awards(result)),
        "homeroom_remark": remarks[0],
        "homeroom_height": _note_height(remarks[0], size, 25.0),
        "principal_remark": remarks[1],
        "principal_height": _note_height(remarks[1], size, 19.0),
        "remark_size": size,
        "principal_title": principal.upper(),
        "homeroom_name": _breakable(transcript.homeroom_teacher.name),
        "principal_name": _breakable(transcript.principal.name),
    }


def _note_height(text: str, size: float, least: float) -> float | None:
    """The height of a box for a remark: at least that of the paper form."""
    needed = heights.height([Piece(text, size)], _NOTE_ROOM, _NOTE_LEADING * size)
    if needed is None or needed > _HIGHEST_NOTE:
        return None
    return max(least, round(needed + _NOTE_INSETS, 2))


def _series(result: YearResult, name: str) -> tuple[str | None, str | None, str | None]:
    series = result.conduct if name == "conduct" else result.learning
    return series.term1, series.term2, series.year


def _absences(result: YearResult) -> str:
    excused, unexcused = result.absences_excused, result.absences_unexcused
    return f"{excused + unexcused}\n(có phép: {excused};\nkhông phép: {unexcused})"


def _awards(result: YearResult) -> str:
    title = labels.title(result.title)
    return "; ".join(part for part in (title, result.awards) if part)


def _date(text: str) -> str:
    """ISO 8601 date, perhaps partial, in the order of Vietnamese writing."""
    return "/".join(reversed(text.split("-")))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"


def _breakable(text: str) -> str:
    """NFC text whose very long words may break (zero-width spaces), so that no cell overflows."""
    text = unicodedata.normalize("NFC", text)
    if len(text) <= _LONGEST_WORD:
        return text
    return " ".join(_with_breaks(word) for word in text.split(" "))


def _with_breaks(word: str) -> str:
    pieces = range(0, len(word), _LONGEST_WORD)
    return "\u200b".join(word[start : start + _LONGEST_WORD] for start in pieces)
