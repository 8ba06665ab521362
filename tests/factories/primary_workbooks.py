"""Workbooks of a primary school with one small class, cut out of the sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl

from hocba.cli.demo import SAMPLE
from tests.factories.upper_workbooks import keep_rows

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

CODE = "79764102"
CLASS = "5A"
HOMEROOM = "GV0009"
EXCELLENT, NOT_COMPLETED = "7976300138", "7976300131"
PUPILS = (NOT_COMPLETED, "7976300132", EXCELLENT)
LEFT_OUT = "Đạo đức"
"""A subject that the assignments name nobody for: the homeroom teacher teaches it."""

_OFFICE = ("GV0001", "GV0002", "GV0003", "GV0004", "GV0005")
_SAMPLE = SAMPLE.parent / "tieuhoc"


def write_primary_school(out: Path) -> Path:
    """One class of the sample, some of its pupils, and the staff they need."""
    out.mkdir(parents=True, exist_ok=True)
    staff: set[object] = set(_OFFICE)
    for name in ("PhanCong", "GiaoVien", "HocSinh", f"KetQua_{CLASS}"):
        book = openpyxl.load_workbook(_SAMPLE / f"{name}.xlsx")
        for sheet in book:
            if sheet.title.startswith("DanhMuc"):
                continue
            if name == "PhanCong":
                _cut_assignments(sheet)
                staff |= {cell for row in sheet.iter_rows(values_only=True) for cell in row}
            elif name == "GiaoVien":
                keep_rows(sheet, 2, staff)
            else:
                # The heading of results has three lines, of which the last two name no pupil.
                keep_rows(sheet, 2 if name == "HocSinh" else 3, {*PUPILS, None})
        book.save(out / f"{name}.xlsx")
    return out


def _cut_assignments(sheet: Worksheet) -> None:
    keep_rows(sheet, 2, {CLASS})
    for row in range(sheet.max_row, 2, -1):
        if sheet.cell(row, 3).value == LEFT_OUT:
            sheet.delete_rows(row)
