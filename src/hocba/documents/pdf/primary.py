"""The two pages of a year of tiểu học (TT 27/2020): subjects; qualities, competences and the results of the year."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from hocba.documents import labels
from hocba.documents.pdf import heights, places, subject_rows, texts
from hocba.documents.pdf.heights import Piece

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hocba.documents.primary import PrimarySubjectResult, PrimaryTranscript, TraitResult

_SEE_BELOW: Final = "(Xem nhận xét của giáo viên chủ nhiệm)"
# Columns of the tables without their insets, in millimetres.
_NAME_ROOM, _REMARK_ROOM = 34.8, 99.8
_TRAIT_ROOM, _TRAIT_REMARK_ROOM = 47.8, 103.8
_TRAIT_SIZE, _LONG_TRAIT_SIZE, _LONG = 9.4, 8.4, 180
# Millimetres of a page for the rows of its tables: without the title, the lines of the pupil, titles and heads.
_ROOM_OF_PAGE_A: Final = 217.0
_ROOM_OF_PAGE_B: Final = places.TEXT_HEIGHT - places.BLOCK_HEIGHT - 59.0
_TITLE_AND_HEAD: Final = 18.0
_LEAST, _MOST = 0.9, 3.2
# Lines of the sections 4 to 6: letters, width, space between lines (points) and between paragraphs (millimetres).
_LINE_SIZE, _LINE_ROOM, _LINE_LEADING, _LINE_SPACE = 11.0, 160.0, 6.4, 4.0


def pages(
    transcript: PrimaryTranscript, signatures: Mapping[str, Sequence[tuple[str, datetime]]]
) -> dict[str, Any]:
    """What page A and page B print. The qualities stand on page A where there is room for them, else on page B."""
    subjects = [_subject(row, signatures.get(row.code, ())) for row in transcript.subjects]
    subject_cells = [subject_rows.text_heights(row, _NAME_ROOM, _REMARK_ROOM) for row in subjects]
    qualities, quality_cells = _traits(transcript, "QUALITY")
    general, general_cells = _traits(transcript, "GENERAL")
    specific, specific_cells = _traits(transcript, "SPECIFIC")
    lines = _lines(transcript)
    on_a = _fits_page_a(subject_cells, quality_cells)
    rows_a, cells_a = (
        (subjects + qualities, subject_cells + quality_cells) if on_a else (subjects, subject_cells)
    )
    rows_b, cells_b = general + specific, general_cells + specific_cells
    if not on_a:
        rows_b, cells_b = qualities + rows_b, quality_cells + cells_b
    tables = 0 if on_a else _TITLE_AND_HEAD
    subject_rows.spread(
        rows_a, cells_a, room=_ROOM_OF_PAGE_A - (_TITLE_AND_HEAD if on_a else 0), least=_LEAST, most=_MOST
    )
    subject_rows.spread(
        rows_b, cells_b, room=_ROOM_OF_PAGE_B - tables - _height_of(lines), least=_LEAST, most=_MOST
    )
    result = transcript.result
    return {
        "page_a": {
            "class": transcript.class_name,
            "year": transcript.school_year,
            "absences": [
                str(result.absences_excused + result.absences_unexcused),
                str(result.absences_excused),
                str(result.absences_unexcused),
            ],
            "rows": subjects,
            "qualities": qualities if on_a else None,
        },
        "page_b": {
            "qualities": None if on_a else qualities,
            "general": general,
            "specific": specific,
            "lines": lines,
        },
    }


def _fits_page_a(
    subjects: Sequence[Sequence[float | None]], qualities: Sequence[Sequence[float | None]]
) -> bool:
    if any(cell is None for row in (*subjects, *qualities) for cell in row):
        return False
    rows = len(subjects) + len(qualities)
    needed = subject_rows.taken(subjects) + subject_rows.taken(qualities) + 2 * _LEAST * rows
    return needed <= _ROOM_OF_PAGE_A - _TITLE_AND_HEAD


def _subject(row: PrimarySubjectResult, signatures: Sequence[tuple[str, datetime]]) -> dict[str, Any]:
    return subject_rows.row(row, signatures) | {"level": row.level or "", "test": row.test or ""}


def _traits(
    transcript: PrimaryTranscript, group: str
) -> tuple[list[dict[str, Any]], list[list[float | None]]]:
    """The rows of one table and the heights of their texts; rows of one remark share its cell."""
    rows: list[dict[str, Any]] = []
    cells: list[list[float | None]] = []
    found = (trait for trait in transcript.traits if trait.group == group)
    # A year has one remark on all of them unless each has its own.
    own = any(trait.remark for trait in transcript.traits)
    usual = _SEE_BELOW if transcript.result.homeroom_remark and not own else ""
    for remark, together in groupby(found, key=lambda trait: trait.remark or usual):
        traits = list(together)
        # Empty cells stay each its own: what is not there is not said of several at once.
        for part in [traits] if remark else [[trait] for trait in traits]:
            made, height = _shared_remark(part, remark)
            rows += made
            cells += height
    return rows, cells


def _shared_remark(
    traits: Sequence[TraitResult], remark: str
) -> tuple[list[dict[str, Any]], list[list[float | None]]]:
    text = texts.breakable(remark)
    size = _TRAIT_SIZE if len(text) <= _LONG * len(traits) else _LONG_TRAIT_SIZE
    height = heights.height([Piece(text, size)], _TRAIT_REMARK_ROOM, subject_rows.LEADING)
    share = None if height is None else height / len(traits)
    rows, cells = [], []
    for index, trait in enumerate(traits):
        name = texts.breakable(trait.name)
        rows.append(
            {
                "name": name,
                "level": "" if trait.level is None else labels.TRAIT_LEVELS_SHORT[trait.level],
                "remark": text if index == 0 else None,
                "size": size,
                "span": len(traits),
                "long": len(text) > subject_rows.ROW_OF_ONE_PAGE,
            }
        )
        own = heights.height([Piece(name, subject_rows.NAME_SIZE)], _TRAIT_ROOM, subject_rows.LEADING)
        cells.append([own, share])
    return rows, cells


def _lines(transcript: PrimaryTranscript) -> list[tuple[str, str]]:
    """The remark of the homeroom teacher, if any, and the sections 4 to 6 as label and text."""
    result = transcript.result
    lines = [
        ("4. Đánh giá kết quả giáo dục", labels.overall(result.overall)),
        ("5. Khen thưởng", result.award),
        ("6. Hoàn thành chương trình lớp học/chương trình tiểu học", _completion(transcript)),
    ]
    if result.homeroom_remark:
        lines.insert(0, ("Nhận xét của giáo viên chủ nhiệm", result.homeroom_remark))
    return [(label, texts.breakable(text)) for label, text in lines]


def _height_of(lines: Sequence[tuple[str, str]]) -> float:
    made = [
        heights.height([Piece(f"{label}: {text}", _LINE_SIZE)], _LINE_ROOM, _LINE_LEADING) or 0.0
        for label, text in lines
    ]
    return sum(made) + _LINE_SPACE * len(made)


def _completion(transcript: PrimaryTranscript) -> str:
    """Section 6 in the words of TT 27/2020: what was completed, and whether the pupil moves up."""
    grade, result = transcript.grade, transcript.result
    parts = [labels.completion_of(grade, completed=result.completed)]
    if result.promoted is not None and grade < labels.LAST_GRADE_OF_PRIMARY:
        parts.append(f"được lên lớp {grade + 1}" if result.promoted else "chưa được lên lớp")
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
