"""The page of particulars (lý lịch) and the course of study (quá trình học tập), of all levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hocba.documents import labels
from hocba.documents.pdf import heights, texts
from hocba.documents.pdf.heights import Piece

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocba.documents.any_level import AnyTranscript
    from hocba.documents.pdf.words import Words
    from hocba.documents.people import Pupil, Relative
    from hocba.documents.transcript import StudyYear

# Size of the letters, widths of the first of two entries beside the photograph and below it, and the space before
# the second.
_SIZE, _HALF, _WIDE, _GAP = 12.0, 68.0, 110.0, 4.0
_POLICY: Final = (
    "Con liệt sĩ, con thương binh (con bệnh binh, con của người hưởng chế độ như thương binh, con của người có công "
    "với cách mạng)"
)
_PERSONAL_ID: Final = "Số định danh cá nhân"
_SHORT: Final = {"Giới tính", _PERSONAL_ID}
# Columns of the course of study without their insets, in millimetres, their letters, the space between lines.
_COURSE_ROOMS: Final = (20.4, 16.4, 79.4, 42.4)
_COURSE_SIZES: Final = (10.5, 10.5, 10.5, 8.5)
_PRIMARY_COURSE_ROOMS: Final = (20.4, 14.4, 67.4, 22.4, 28.4)
_COURSE_LEADING: Final = 5.25
_IN_FILE: Final = "Ký số – xem trang cuối"
_IN_BOOK: Final = "Đã ký số – xem năm học này"
_COURSE_ROWS: Final = {"TH": 6}  # of the paper form; 4 in the others


def page(transcript: AnyTranscript, words: Words) -> dict[str, Any]:
    """The entries: those beside the photograph and those below it, one or two in a row."""
    pupil = transcript.pupil
    make = _primary if transcript.level == "TH" else _secondary
    beside, below = make(pupil, words)
    return {
        "half": _HALF,
        "wide": _WIDE,
        "head_lines": len(words.level) - 1,
        "beside": [_row(row, _HALF) for row in beside],
        "below": [_row(row, _WIDE) for row in below],
    }


def printed_name(pupil: Pupil) -> str:
    """The name as the form wants it: in capitals."""
    return texts.breakable(pupil.name.upper())


_Entries = list[tuple[tuple[str, str], ...]]


def _secondary(pupil: Pupil, words: Words) -> tuple[_Entries, _Entries]:
    beside: _Entries = [
        ((f"Họ và tên {words.pupil}", pupil.name.upper()),),
        (("Giới tính", labels.SEXES[pupil.sex]), ("Ngày, tháng, năm sinh", texts.date(pupil.birth_date))),
        (("Nơi sinh", pupil.birthplace),),
        (("Dân tộc", pupil.ethnic_group), ("Quốc tịch", pupil.nationality)),
        ((_PERSONAL_ID, pupil.personal_id), (f"Mã {words.pupil}", pupil.code)),
    ]
    below: _Entries = [
        ((_POLICY, pupil.policy),),
        *_disability(pupil),
        (("Chỗ ở hiện tại", pupil.residence),),
        *(
            _relative(label, person)
            for label, person in (
                ("cha", pupil.father),
                ("mẹ", pupil.mother),
                ("người giám hộ", pupil.guardian),
            )
        ),
    ]
    return beside, below


def _primary(pupil: Pupil, words: Words) -> tuple[_Entries, _Entries]:
    """As the form of TT 27/2020 has them, with the identities that the digital record adds."""
    beside: _Entries = [
        ((f"Họ và tên {words.pupil}", pupil.name.upper()),),
        (("Giới tính", labels.SEXES[pupil.sex]), ("Ngày, tháng, năm sinh", texts.date(pupil.birth_date))),
        (("Dân tộc", pupil.ethnic_group), ("Quốc tịch", pupil.nationality)),
        (("Nơi sinh", pupil.birthplace),),
        ((_PERSONAL_ID, pupil.personal_id), (f"Mã {words.pupil}", pupil.code)),
    ]
    below: _Entries = [
        (("Quê quán", ""),),
        (("Nơi ở hiện nay", pupil.residence),),
        *(((("Đối tượng chính sách", pupil.policy),),) if pupil.policy else ()),
        *_disability(pupil),
        _relative("cha", pupil.father),
        _relative("mẹ", pupil.mother),
        _relative("người giám hộ (nếu có)", pupil.guardian),
    ]
    return beside, below


def _disability(pupil: Pupil) -> _Entries:
    return [(("Dạng khuyết tật", pupil.disability),)] if pupil.disability else []


def _relative(label: str, person: Relative | None) -> tuple[tuple[str, str], ...]:
    name, occupation = (person.name, person.occupation) if person else ("", "")
    return (f"Họ và tên {label}", name), ("Nghề nghiệp", occupation)


def _row(entries: tuple[tuple[str, str], ...], room: float) -> dict[str, Any]:
    label, text = entries[0]
    return {
        "entries": [(name, texts.breakable(value)) for name, value in entries],
        # Whether the first entry leaves room for another in its line.
        "short": len(entries) == 1 or label in _SHORT or heights.fits(f"{label}: {text}", _SIZE, room - _GAP),
    }


def course(transcript: AnyTranscript, *, of_book: Sequence[AnyTranscript] = ()) -> list[dict[str, Any]]:
    """The rows of the course of study, and empty ones up to those of the paper form.

    `of_book` are the transcripts of all years of a book, of which `transcript` is the last; its rows are those of all.
    """
    primary = transcript.level == "TH"
    rooms = _PRIMARY_COURSE_ROOMS if primary else _COURSE_ROOMS
    sizes = (10.5,) * len(rooms) if primary else _COURSE_SIZES
    of_form = _COURSE_ROWS.get(transcript.level, 4)
    included = of_book or (transcript,)
    numbers = {each.school_year: each.register_number for each in included}
    found = {(row.school_year, row.class_name): row for each in included for row in each.course_of_study}
    studied = (
        sorted(found.values(), key=lambda row: row.school_year) if of_book else transcript.course_of_study
    )
    note = _IN_BOOK if of_book else _IN_FILE
    rows = [_course_row(row, numbers, note=None if primary else note) for row in studied]
    rows += [_empty(len(rooms), primary=primary)] * (of_form - len(rows))
    return [row | {"height": _course_height((*row["cells"], *row["notes"]), sizes, rooms)} for row in rows]


def _course_row(row: StudyYear, numbers: Mapping[str, str], *, note: str | None) -> dict[str, Any]:
    """A row; `numbers` are the numbers in the register of the years that the file holds, `note` says where they are."""
    place = f"{row.school_name}, {row.place}" if row.place else row.school_name
    cells = [row.school_year, row.class_name, texts.breakable(place)]
    if note is None:
        # The day of admission is no part of the record.
        return {"cells": [*cells, texts.breakable(numbers.get(row.school_year, "")), ""], "notes": []}
    return {"cells": cells, "notes": [note if row.school_year in numbers else "Theo học bạ năm học đó"]}


def _empty(columns: int, *, primary: bool) -> dict[str, Any]:
    count = columns if primary else columns - 1
    return {"cells": ["\u00a0"] + [""] * (count - 1), "notes": [] if primary else [""]}


def _course_height(row: tuple[str, ...], sizes: tuple[float, ...], rooms: tuple[float, ...]) -> float | None:
    cells = [
        heights.height([Piece(text, size)], room, _COURSE_LEADING)
        for text, size, room in zip(row, sizes, rooms, strict=True)
    ]
    return heights.row_height(cells, 2.6)
