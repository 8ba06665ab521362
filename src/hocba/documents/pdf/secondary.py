"""The two pages of a year of THCS and THPT (TT 22/2021, TT 43/2021): results by subject, results of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hocba.documents import labels
from hocba.documents.pdf import heights, subject_rows, texts
from hocba.documents.pdf.heights import Piece
from hocba.regulations import curriculum

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from hocba.documents.pdf.words import Words
    from hocba.documents.transcript import SubjectResult, Transcript, YearResult

# Columns of the table without their insets, in millimetres.
_NAME_ROOM, _REMARK_ROOM = 29.8, 78.8
# What page A has for the rows of its table, and how high a line is that names a group of subjects.
_ROOM_FOR_SUBJECTS: Final = 196.0
_GROUP_HEIGHT: Final = 5.2
_NOTE_ROOM, _NOTE_INSETS, _HIGHEST_NOTE = 167.0, 5.0, 150.0
_NOTE_LEADING: Final = 0.62
_GROUPS: Final = {
    "compulsory": "Môn học và hoạt động giáo dục bắt buộc",
    "elective": "Môn học lựa chọn",
    "optional": "Môn học tự chọn",
}


def pages(
    transcript: Transcript, words: Words, signatures: Mapping[str, Sequence[tuple[str, datetime]]]
) -> dict[str, Any]:
    """What page A and page B print."""
    return {
        "page_a": {
            "class": transcript.class_name,
            "year": transcript.school_year,
            "rows": _subjects(transcript, signatures),
        },
        "page_b": _page_b(transcript, words),
    }


def _subjects(
    transcript: Transcript, signatures: Mapping[str, Sequence[tuple[str, datetime]]]
) -> list[dict[str, Any]]:
    """The rows of page A, as far apart as one page allows; in THPT below the names of their groups."""
    if transcript.form != "TT22-THPT":
        rows = [_subject(row, signatures.get(row.code, ())) for row in transcript.subjects]
        _spread(rows, _ROOM_FOR_SUBJECTS)
        return rows
    grouped = {
        group: [_subject(row, signatures.get(row.code, ())) for row in found]
        for group, found in _by_group(transcript)
    }
    rows = [row for found in grouped.values() for row in found]
    _spread(rows, _ROOM_FOR_SUBJECTS - _GROUP_HEIGHT * len(grouped))
    return [
        row
        for group, found in grouped.items()
        for row in ({"group": _GROUPS[group], "height": _GROUP_HEIGHT}, *found)
    ]


def _spread(rows: list[dict[str, Any]], room: float) -> None:
    cells = [subject_rows.text_heights(row, _NAME_ROOM, _REMARK_ROOM) for row in rows]
    subject_rows.spread(rows, cells, room=room)


def _by_group(transcript: Transcript) -> Iterator[tuple[str, list[SubjectResult]]]:
    """The subjects by their group in the curriculum (TT 13/2022), groups and subjects in the order of the form."""
    taught = curriculum.subjects_for("THPT", transcript.grade, transcript.school_year)
    groups = {subject.code: subject.group_in(transcript.grade) for subject in taught}
    order = {code: place for place, code in enumerate(groups)}
    rows = sorted(transcript.subjects, key=lambda row: order.get(row.code, len(order)))
    for group in _GROUPS:
        found = [row for row in rows if groups.get(row.code, "optional") == group]
        if found:
            yield group, found


def _subject(row: SubjectResult, signatures: Sequence[tuple[str, datetime]]) -> dict[str, Any]:
    return subject_rows.row(row, signatures) | {
        "term1": labels.mark(row.term1, short=True),
        "term2": labels.mark(row.term2, short=True),
        "year": labels.mark(row.year, short=True),
        "retest": labels.mark(row.after_retest, short=True),
    }


def _page_b(transcript: Transcript, words: Words) -> dict[str, Any]:
    school, result = transcript.school, transcript.result
    longest = len(result.homeroom_remark) + len(result.principal_remark)
    size = 11 if longest <= 700 else 9.5 if longest <= 1400 else 8.4
    remarks = texts.breakable(result.homeroom_remark), texts.breakable(result.principal_remark)
    return {
        "school": texts.breakable(words.name_of(school.name)),
        "place": texts.breakable(", ".join(part for part in (school.ward, school.province) if part)),
        "conduct": [labels.level(level) for level in _series(result, "conduct")],
        "learning": [labels.level(level) for level in _series(result, "learning")],
        "absences": _absences(result),
        "conduct_after": labels.level(result.conduct_after_summer),
        "learning_after": labels.level(result.learning_after_retest),
        "promotion": labels.promotion(result.promotion),
        "certificates": texts.breakable(result.certificates),
        "competitions": texts.breakable(result.competitions),
        "awards": texts.breakable(_awards(result, words)),
        "homeroom_remark": remarks[0],
        "homeroom_height": _note_height(remarks[0], size, 25.0),
        "principal_remark": remarks[1],
        "principal_height": _note_height(remarks[1], size, 19.0),
        "remark_size": size,
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


def _awards(result: YearResult, words: Words) -> str:
    title = labels.title(result.title).replace("Học sinh", words.pupil.capitalize())
    return "; ".join(part for part in (title, result.awards) if part)
