"""What the lines above a table, the name of a sheet and the name of a file say of its content."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from hocba.regulations.names import normalise

_SCHOOL_YEAR = re.compile(r"nam\s*hoc\s*:?\s*(\d{4})\s*[-–—/]\s*(\d{4})")
_SCHOOL_CODE = re.compile(r"ma\s*truong\s*:?\s*([0-9a-z]{4,20})\b")
_SCHOOL_NAME = re.compile(r"\s*(?:truong|trung tam|co so giao duc)\b.*")
_CLASS = re.compile(r"\blop\s*:?\s*(\d{1,2}[^\s,;]*)")
_SUBJECT = re.compile(
    r"\bmon(?:\s+hoc)?\s*:?\s+(.+?)\s*(?:[-–—]\s*)?(?:\bhoc\s*k[iy]\b.*|\bhk\b.*|\blop\b.*)?$"
)
_TERM = re.compile(r"\b(?:hoc\s*k[iy]|hk)\s*:?\s*(iii?|ii|i|[12])\b")
_SHEET = re.compile(r"(.+?)[\s_\-.]*(?:hk|hocki|hocky|hoc k[iy])[\s_\-.]*(ii|i|[12])")
_TERMS: Final = {"1": 1, "i": 1, "2": 2, "ii": 2}
_KINDS_OF_SCHOOL: Final = (
    "Tiểu học",
    "Trung học cơ sở",
    "Trung học phổ thông",
    "Phổ thông",
    "Dân tộc nội trú",
    "Dân tộc bán trú",
    "Giáo dục thường xuyên",
)
_GRADE = re.compile(r"(\d{1,2})(?!\d)")
_ABBREVIATIONS: Final = frozenset(
    {"TH", "THCS", "THPT", "TTGDTX", "GDTX", "GDNN", "PTDT", "PTDTNT", "PTDTBT", "TP", "TP."}
)


def flat(text: str) -> str:
    """Lower-case text without accents, letter for letter, so that places in it are places in the text."""
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in text.lower().replace("đ", "d"))


def school_year(titles: tuple[str, ...]) -> str | None:
    """ "NĂM HỌC 2024 - 2025" → "2024-2025"; None when no title says it or the years do not follow."""
    for title in titles:
        match = _SCHOOL_YEAR.search(flat(title))
        if match and int(match.group(2)) == int(match.group(1)) + 1:
            return f"{match.group(1)}-{match.group(2)}"
    return None


def school_code(titles: tuple[str, ...]) -> str | None:
    """ "Mã trường: 79764501" → "79764501"."""
    for title in titles:
        match = _SCHOOL_CODE.search(flat(title))
        if match:
            return title[match.start(1) : match.end(1)]
    return None


def school_name(titles: tuple[str, ...]) -> str | None:
    """ "TRƯỜNG THCS HOA PHƯỢNG" → "Trường THCS Hoa Phượng"; a name not in capitals stays as it is."""
    for title in titles:
        if _SCHOOL_NAME.fullmatch(flat(title)):
            name = normalise(title)
            return _capitalised(name) if name.isupper() else name
    return None


def _capitalised(name: str) -> str:
    """A name in capitals as it is written in running text; abbreviations stay, kinds of school are small."""
    words = (
        word if word in _ABBREVIATIONS or word[0].isdigit() else word.capitalize() for word in name.split()
    )
    text = " ".join(words)
    for kind in _KINDS_OF_SCHOOL:
        text = text.replace(kind.title(), kind)
    return text


def class_in(text: str) -> str | None:
    """The class a title names: "TỔNG HỢP LỚP 6A1 NĂM HỌC …" → "6A1"."""
    match = _CLASS.search(flat(text))
    return None if match is None else text[match.start(1) : match.end(1)]


def class_in_file_name(file: str) -> str | None:
    """The class a file name ends with: "SoDiem_6A1.xlsx" → "6A1"."""
    stem = file.rpartition("/")[2].rpartition(".")[0]
    last = re.split(r"[_\s\-]+", stem)[-1]
    return last if _GRADE.match(last) else None


def subject_in(title: str) -> str | None:
    """The name of the subject a title names: "… - MÔN NGỮ VĂN - HỌC KÌ I" → "NGỮ VĂN"."""
    match = _SUBJECT.search(flat(title))
    return None if match is None else title[match.start(1) : match.end(1)].strip(" -–—")


def term_in(text: str) -> int | None:
    """The term a title names: "HỌC KÌ II" → 2."""
    match = _TERM.search(flat(text))
    return None if match is None else _TERMS.get(match.group(1))


def sheet_parts(sheet: str) -> tuple[str, int] | None:
    """Subject (as written) and term in a sheet name: "TOAN_HK1" → ("TOAN", 1)."""
    name = normalise(sheet)
    match = _SHEET.fullmatch(flat(name))
    return None if match is None else (name[: match.end(1)], _TERMS[match.group(2)])


def term_of(text: str) -> int | None:
    """A term as a cell gives it: 1, "1", "I", "HK I", "Học kì 1"."""
    shortened = re.sub(r"^(?:hoc\s*k[iy]|hk)\s*", "", flat(normalise(text)))
    return _TERMS.get(shortened)


def class_key(name: str) -> str:
    """Two spellings of one class have the same key: "6a1", "6 A1"."""
    return "".join(normalise(name).split()).upper()


def grade_of(class_name: str) -> int | None:
    """The grade in a class name: "10A3" → 10; None when it does not begin with a grade from 1 to 12."""
    match = _GRADE.match(class_name)
    grade = int(match.group(1)) if match else 0
    return grade if 1 <= grade <= 12 else None
