"""Workbooks of an upper secondary school with one small class, cut out of the sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl

from hocba.cli.demo import SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

CODE = "79800310"
CLASS = "10A2"
PUPILS = ("7980300037", "7980300038", "7980300039", "7980300042")
"""Two have chosen Công nghệ and Tin học, two Âm nhạc and Mĩ thuật."""

_OFFICE = ("GV0001", "GV0002", "GV0003", "GV0004", "GV0005")
_SAMPLE = SAMPLE.parent / "thpt"
_PUPIL_COLUMNS = {"HocSinh": 2, f"SoDiem_{CLASS}": 3, f"TongHop_{CLASS}": 2}


def write_upper_school(out: Path) -> Path:
    """One class of the sample, four of its pupils, and the staff they need."""
    out.mkdir(parents=True, exist_ok=True)
    staff: set[object] = set(_OFFICE)
    for name in ("PhanCong", "GiaoVien", "HocSinh", f"SoDiem_{CLASS}", f"TongHop_{CLASS}"):
        book = openpyxl.load_workbook(_SAMPLE / f"{name}.xlsx")
        for sheet in book:
            if name in _PUPIL_COLUMNS and not sheet.title.startswith("DanhMuc"):
                keep_rows(sheet, _PUPIL_COLUMNS[name], set(PUPILS))
            elif sheet.title in {"PhanCong", "ChuNhiem"}:
                keep_rows(sheet, 2, {CLASS})
                staff |= {cell for row in sheet.iter_rows(values_only=True) for cell in row}
            elif name == "GiaoVien" and sheet.title == "DanhSach":
                keep_rows(sheet, 2, staff)
        book.save(out / f"{name}.xlsx")
    return out


def keep_rows(sheet: Worksheet, column: int, wanted: set[object]) -> None:
    """Delete the rows below the heading (whose first cell is TT or STT) that are about something else."""
    heading = next(row for row in range(1, 8) if sheet.cell(row, 1).value in {"TT", "STT"})
    for row in range(sheet.max_row, heading, -1):
        if sheet.cell(row, column).value not in wanted:
            sheet.delete_rows(row)
