"""A school of any size for measurements: the sample's classes again and again, under new names and numbers.

Written as workbooks, since the chain begins with workbooks. Nobody in them exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl

if TYPE_CHECKING:
    from pathlib import Path

PUPIL_CODE = "79{:08d}"
PERSONAL_ID = "079{}{:02d}{:06d}"
CLASS_NAME = "{}B{}"


class Multiplied:
    """The sample school's workbooks as rows, and how to write them again for one more class."""

    def __init__(self, sample: Path) -> None:
        self.books = {path.stem: _rows(path) for path in sorted(sample.glob("*.xlsx"))}
        self.classes = [name.removeprefix("SoDiem_") for name in self.books if name.startswith("SoDiem_")]

    def write(self, out: Path, pupils: int) -> int:
        """Write a school with that many pupils; returns how many classes it has."""
        out.mkdir(parents=True, exist_ok=True)
        lists: dict[str, list[list[object]]] = {"HocSinh": [], "PhanCong": [], "ChuNhiem": []}
        number = made = 0
        while made < pupils:
            source = self.classes[number % len(self.classes)]
            number += 1
            target = CLASS_NAME.format(source[0], number)
            made += self._write_class(out, source, target, first=made, most=pupils - made, lists=lists)
        self._write_lists(out, lists)
        return number

    def _write_class(
        self,
        out: Path,
        source: str,
        target: str,
        *,
        first: int,
        most: int,
        lists: dict[str, list[list[object]]],
    ) -> int:
        sheet = self.books["HocSinh"]["Sheet1"]
        heading = sheet[3]
        place = {str(title): index for index, title in enumerate(heading)}
        members = [row for row in sheet[4:] if row[place["Mã lớp"]] == source][:most]
        codes: dict[object, str] = {}
        for offset, row in enumerate(members, start=first):
            fresh = list(row)
            code = PUPIL_CODE.format(offset + 1)
            codes[row[place["Mã học sinh"]]] = code
            old_id = str(row[place["Số định danh cá nhân"]])
            fresh[place["Mã học sinh"]] = code
            fresh[place["Mã lớp"]] = target
            fresh[place["Số định danh cá nhân"]] = PERSONAL_ID.format(old_id[3], int(old_id[4:6]), offset)
            lists["HocSinh"].append(fresh)
        for kind in ("SoDiem", "TongHop"):
            _write_book(out / f"{kind}_{target}.xlsx", self.books[f"{kind}_{source}"], source, target, codes)
        for name, rows in (
            ("PhanCong", self.books["PhanCong"]["PhanCong"]),
            ("ChuNhiem", self.books["PhanCong"]["ChuNhiem"]),
        ):
            lists[name] += [[None, target, *row[2:]] for row in rows[2:] if row[1] == source]
        return len(members)

    def _write_lists(self, out: Path, lists: dict[str, list[list[object]]]) -> None:
        _save(out / "GiaoVien.xlsx", {"Sheet1": self.books["GiaoVien"]["Sheet1"]})
        pupils = self.books["HocSinh"]["Sheet1"]
        _save(out / "HocSinh.xlsx", {"Sheet1": pupils[:4] + _numbered(lists["HocSinh"])})
        teaching = self.books["PhanCong"]
        _save(
            out / "PhanCong.xlsx",
            {
                "PhanCong": teaching["PhanCong"][:2] + _numbered(lists["PhanCong"]),
                "ChuNhiem": teaching["ChuNhiem"][:2] + _numbered(lists["ChuNhiem"]),
            },
        )


def _write_book(
    path: Path, book: dict[str, list[list[object]]], source: str, target: str, codes: dict[object, str]
) -> None:
    sheets = {}
    for name, rows in book.items():
        if name.startswith("DanhMuc"):
            continue
        head = [[_renamed(cell, source, target) for cell in row] for row in rows[:3]]
        body = [[row[0], codes[row[1]], *row[2:]] for row in rows[3:] if row[1] in codes]
        sheets[name] = head + body
    _save(path, sheets)


def _renamed(cell: object, source: str, target: str) -> object:
    return cell.replace(f"LỚP {source}", f"LỚP {target}") if isinstance(cell, str) else cell


def _numbered(rows: list[list[object]]) -> list[list[object]]:
    return [[number, *row[1:]] for number, row in enumerate(rows, start=1)]


def _rows(path: Path) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(path, read_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def _save(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
