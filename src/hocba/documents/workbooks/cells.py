"""Cells to values: text, dates, whole numbers, marks, each with the flaws of its writing."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hocba.documents.workbooks.opening import CellError
from hocba.regulations.names import normalise

if TYPE_CHECKING:
    from hocba.documents.workbooks.opening import CellValue

_EPOCH: Final = datetime.date(1899, 12, 30)
_YEARS: Final = range(1900, 2101)
_LAST_SERIAL: Final = 80_000

_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", re.ASCII)
_YEAR_MONTH_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00:00)?", re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2})[/.\-](\d{4})", re.ASCII)
_DIGITS = re.compile(r"\d{1,5}", re.ASCII)
_NUMBER = re.compile(r"[+\-]?\d{1,9}(?:\.\d{1,12})?", re.ASCII)
_COUNT = re.compile(r"\d{1,6}(?:\.0+)?", re.ASCII)
_COMMA_NUMBER = re.compile(r"[+\-]?\d{1,9},\d{1,12}", re.ASCII)

# U+00D0 and U+0189 look like Đ, U+00F0 and U+0256 like đ; fonts hide the difference.
_LOOKALIKES: Final = str.maketrans({"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ", "\u0256": "đ"})

_COMMENTS: Final = {"đ": "D", "đạt": "D", "cđ": "CD", "chưa đạt": "CD"}
_COMMENTS_PLAIN: Final = {"d": "D", "cd": "CD"}


@dataclass(frozen=True, slots=True)
class Slip:
    """A flaw of one cell: code of the kind of flaw and how the cell was understood."""

    code: str
    meaning: str = ""


def as_found(cell: CellValue) -> str:
    """A cell as the person who looks at the sheet would name it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.datetime):
        return f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, datetime.date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def clean(text: str) -> tuple[str, tuple[Slip, ...]]:
    """Normalise a text; says which of the three flaws of writing it had."""
    slips = []
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        slips.append(Slip("text_not_nfc"))
    tidy = normalise(composed)
    if tidy != composed:
        slips.append(Slip("stray_blanks"))
    proper = tidy.translate(_LOOKALIKES)
    if proper != tidy:
        slips.append(Slip("lookalike_letter"))
    return proper, tuple(slips)


def show_date(iso: str) -> str:
    """An ISO date, whole or partial, the Vietnamese way: "2013-07-16" → "16/07/2013"."""
    return "/".join(reversed(iso.split("-")))


def read_date(cell: CellValue, serial_shift: int = 0) -> tuple[str | None, tuple[Slip, ...]]:
    """Read a date, whole or partial, as ISO 8601.

    Accepts text with day before month, ISO text, a month or a year alone, the serial number of Excel (as
    number or text) and true date cells. None with a slip `date_invalid` when it is no date; None alone
    when the cell is empty.
    """
    if isinstance(cell, datetime.date):
        day = cell.date() if isinstance(cell, datetime.datetime) else cell
        return _checked(day.year, day.month, day.day, Slip("date_cell", f"{day:%d/%m/%Y}"))
    if isinstance(cell, str):
        text, slips = clean(cell)
        if not text:
            return None, slips
        value, more = _date_of_text(text, serial_shift)
        return value, slips + more
    if isinstance(cell, float | int) and not isinstance(cell, bool) and float(cell).is_integer():
        return _date_of_number(int(cell), serial_shift)
    return None, (Slip("date_invalid"),)


def _date_of_text(text: str, serial_shift: int) -> tuple[str | None, tuple[Slip, ...]]:
    match = _DAY_MONTH_YEAR.fullmatch(text)
    if match:
        day, month, year = map(int, match.groups())
        return _checked(year, month, day)
    match = _YEAR_MONTH_DAY.fullmatch(text)
    if match:
        year, month, day = map(int, match.groups())
        return _checked(year, month, day)
    match = _MONTH_YEAR.fullmatch(text)
    if match and 1 <= int(match.group(1)) <= 12 and int(match.group(2)) in _YEARS:
        return f"{match.group(2)}-{int(match.group(1)):02d}", ()
    if _DIGITS.fullmatch(text):
        return _date_of_number(int(text), serial_shift)
    return None, (Slip("date_invalid"),)


def _date_of_number(number: int, serial_shift: int) -> tuple[str | None, tuple[Slip, ...]]:
    if number in _YEARS:
        return str(number), ()
    serial = number + serial_shift
    if not 0 < serial <= _LAST_SERIAL:
        return None, (Slip("date_invalid"),)
    day = _EPOCH + datetime.timedelta(days=serial)
    return _checked(day.year, day.month, day.day, Slip("date_serial", f"{day:%d/%m/%Y}"))


def _checked(year: int, month: int, day: int, *slips: Slip) -> tuple[str | None, tuple[Slip, ...]]:
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return None, (Slip("date_invalid"),)
    if date.year not in _YEARS:
        return None, (Slip("date_invalid"),)
    return date.isoformat(), slips


def read_digits(cell: CellValue) -> tuple[str, tuple[Slip, ...]]:
    """Read a code or number that is an identity: a numeric cell gives its digits, nothing is padded."""
    if isinstance(cell, str):
        return clean(cell)
    return as_found(cell), ()


def read_count(cell: CellValue) -> tuple[int | None, tuple[Slip, ...]]:
    """Read a whole number from 0; None with the slip `number_invalid`, or None alone when empty."""
    slips: tuple[Slip, ...] = ()
    if isinstance(cell, str):
        text, slips = clean(cell)
        if not text:
            return None, slips
        number = float(text) if _COUNT.fullmatch(text) else -1.0
    elif isinstance(cell, float | int) and not isinstance(cell, bool):
        number = float(cell)
    else:
        number = -1.0
    if number < 0 or not number.is_integer():
        return None, (*slips, Slip("number_invalid"))
    return int(number), slips


def read_score(cell: CellValue) -> tuple[str | None, tuple[Slip, ...]]:
    """Read a mark of a scored subject as "8.0"; None with the reason, or None alone when empty."""
    if isinstance(cell, bool | CellError) or not isinstance(cell, str | float | int):
        return None, (Slip("mark_not_a_mark"),)
    if not isinstance(cell, str):
        value, reason = _tenths(float(cell))
        return value, reason
    text, slips = clean(cell)
    if not text:
        return None, slips
    if text.lower() in _COMMENTS:
        return None, (*slips, Slip("mark_kind"))
    if _COMMA_NUMBER.fullmatch(text):
        text = text.replace(",", ".")
        slips = (*slips, Slip("decimal_comma", text))
    if not _NUMBER.fullmatch(text):
        return None, (*slips, Slip("mark_not_a_mark"))
    value, reason = _tenths(float(text))
    return value, slips + reason


def _tenths(number: float) -> tuple[str | None, tuple[Slip, ...]]:
    """The mark in tenths, exactly: a mark is 0 to 10 with at most one decimal (TT 22/2021 Điều 5.3b)."""
    if not 0 <= number <= 10:
        return None, (Slip("mark_out_of_range"),)
    tenths = round(number * 10)
    if abs(number * 10 - tenths) > 1e-6:
        return None, (Slip("mark_decimals"),)
    return f"{tenths // 10}.{tenths % 10}", ()


def read_comment(cell: CellValue) -> tuple[str | None, tuple[Slip, ...]]:
    """Read a result of a comment-only subject as "D" or "CD"; None with the reason, or alone when empty."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return None, (Slip("mark_kind"),)
    if not isinstance(cell, str):
        return None, (Slip("mark_not_a_mark"),)
    text, slips = clean(cell)
    if not text:
        return None, slips
    known = _COMMENTS.get(text.lower())
    if known is not None:
        return known, slips
    plain = _COMMENTS_PLAIN.get(text.lower())
    if plain is not None:
        return plain, (*slips, Slip("lookalike_letter"))
    is_number = _NUMBER.fullmatch(text) or _COMMA_NUMBER.fullmatch(text)
    return None, (*slips, Slip("mark_kind" if is_number else "mark_not_a_mark"))
