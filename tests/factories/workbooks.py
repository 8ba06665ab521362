"""Workbooks of schools with one small class, cut out of the sample: few pupils, and only the staff they need."""

from __future__ import annotations

import re
import tempfile
from functools import cache
from pathlib import Path

import openpyxl

from hocba.cli.demo import SAMPLE
from hocba.cli.many_pupils import Multiplied

CODE = "79764501"
OTHER_CODE = "79764502"
YEAR = "2024-2025"
CLASS = "6B1"
PRINCIPAL, CLERK, ADMINISTRATOR = "GV0001", "GV0004", "GV0005"

_CUT = "6A1"
_OFFICE = frozenset({PRINCIPAL, "GV0002", "GV0003", CLERK, ADMINISTRATOR})
_NAME, _OTHER_NAME = "HOA PHƯỢNG", "PHƯỢNG VĨ"
_TITLES = 4
_ID_OF_PUPIL = "Số định danh cá nhân"

Books = dict[str, dict[str, list[list[object]]]]


def write_school(out: Path, *, pupils: int, code: str = CODE) -> Path:
    """One class of that many pupils. Another school has other people under the same names and staff codes."""
    school = _cut_out()
    school.books = _with_needed_staff(school.books)
    if code != CODE:
        school.books = _renamed(school.books, code)
    school.write(out, pupils)
    if code != CODE:
        _renumber_pupils(out / "HocSinh.xlsx")
    return out


@cache
def _books() -> Books:
    """Only the workbooks of one class are read: reading all takes seconds."""
    with tempfile.TemporaryDirectory() as folder:
        for path in SAMPLE.glob("*.xlsx"):
            if "_" not in path.stem or path.stem.endswith(f"_{_CUT}"):
                (Path(folder) / path.name).symlink_to(path)
        return Multiplied(Path(folder)).books


def _cut_out() -> Multiplied:
    with tempfile.TemporaryDirectory() as empty:
        school = Multiplied(Path(empty))
    school.books, school.classes = dict(_books()), [_CUT]
    return school


def _with_needed_staff(books: Books) -> Books:
    teaching = [row for sheet in books["PhanCong"].values() for row in sheet if _CUT in row]
    needed = _OFFICE | {str(cell) for row in teaching for cell in row if re.fullmatch(r"GV\d{4}", str(cell))}
    staff = books["GiaoVien"]["Sheet1"]
    kept = staff[:_TITLES] + [row for row in staff[_TITLES:] if row[1] in needed]
    return {**books, "GiaoVien": {**books["GiaoVien"], "Sheet1": kept}}


def _renamed(books: Books, code: str) -> Books:
    """Another school in all titles, and other persons in the list of staff."""

    def title(cell: object) -> object:
        return cell.replace(CODE, code).replace(_NAME, _OTHER_NAME) if isinstance(cell, str) else cell

    renamed = {
        name: {
            sheet: [[title(cell) for cell in row] for row in rows[:_TITLES]] + rows[_TITLES:]
            for sheet, rows in book.items()
        }
        for name, book in books.items()
    }
    staff = renamed["GiaoVien"]["Sheet1"]
    place = staff[_TITLES - 1].index(_ID_OF_PUPIL)
    people = [[*row[:place], _other_number(row[place]), *row[place + 1 :]] for row in staff[_TITLES:]]
    renamed["GiaoVien"]["Sheet1"] = staff[:_TITLES] + people
    return renamed


def _renumber_pupils(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Sheet1"]
    column = next(cell.column for cell in sheet[_TITLES] if cell.value == _ID_OF_PUPIL)
    for (cell,) in sheet.iter_rows(min_row=_TITLES + 1, min_col=column, max_col=column):
        cell.value = _other_number(cell.value)
    book.save(path)


def _other_number(number: object) -> str:
    """The number of another person of the same province, sex and year of birth."""
    digits = str(number)
    return f"{digits[:6]}{(int(digits[6]) + 5) % 10}{digits[7:]}"
