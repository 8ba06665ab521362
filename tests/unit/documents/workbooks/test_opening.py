"""Opening workbooks that mean harm: bounded in time and memory, with a reason."""

from __future__ import annotations

import io
import re
import time
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.cell.cell import ERROR_CODES

from hocba.documents.workbooks import opening
from hocba.documents.workbooks.opening import CELL_ERROR, CannotOpen, open_workbook

if TYPE_CHECKING:
    from collections.abc import Callable

SHEET = "xl/worksheets/sheet1.xml"


def _workbook() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in range(1, 6):
        sheet.append([f"a{row}", row, 8.5])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _patched(change: Callable[[bytes], bytes], part: str = SHEET) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_workbook())) as source, zipfile.ZipFile(stream, "w") as target:
        for member in source.infolist():
            data = source.read(member)
            target.writestr(
                member.filename, change(data) if member.filename == part else data, zipfile.ZIP_DEFLATED
            )
    return stream.getvalue()


def _refusal(content: bytes) -> str:
    started = time.process_time()
    with pytest.raises(CannotOpen) as caught:
        open_workbook(content)
    assert time.process_time() - started < 5
    return caught.value.code


def _code_of(content: bytes) -> str | None:
    try:
        open_workbook(content)
    except CannotOpen as error:
        return error.code
    return None


class TestOpenWorkbook:
    def test_gives_the_grid_from_the_first_cell(self) -> None:
        (sheet,) = open_workbook(_workbook())
        assert sheet.rows[0] == ["a1", 1.0, 8.5]
        assert len(sheet.rows) == 5

    @pytest.mark.parametrize(
        "reference", [b"XFD1048576", b"A1048576", b"XFD1", b"C99999999999999", b"ZZZZZZ9"]
    )
    def test_refuses_cells_that_reach_too_far(self, reference: bytes) -> None:
        content = _patched(lambda sheet: sheet.replace(b'r="C5"', b'r="' + reference + b'"'))
        assert _refusal(content) == "file_too_large"

    def test_takes_no_notice_of_a_dimension_that_lies(self) -> None:
        content = _patched(
            lambda sheet: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', sheet)
        )
        (sheet,) = open_workbook(content)
        assert len(sheet.rows) == 5

    def test_refuses_a_zip_bomb(self) -> None:
        assert _refusal(_patched(lambda sheet: sheet + b" " * (300 << 20))) == "file_too_large"

    def test_refuses_a_zip_bomb_that_lies_about_its_size(self) -> None:
        content = bytearray(_patched(lambda sheet: sheet + b" " * (300 << 20)))
        for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            place = 0
            while (place := content.find(signature, place)) >= 0:
                content[place + offset : place + offset + 4] = (100).to_bytes(4, "little")
                place += 4
        assert _refusal(bytes(content)) == "file_too_large"

    def test_refuses_a_large_file_before_looking_into_it(self) -> None:
        assert _refusal(b"PK" + b"\0" * opening.MAX_FILE_BYTES) == "file_too_large"

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
    def test_refuses_a_truncated_file(self, share: float) -> None:
        content = _workbook()
        assert _refusal(content[: int(len(content) * share)]) == "file_unreadable"

    def test_refuses_a_truncated_sheet(self) -> None:
        assert _refusal(_patched(lambda sheet: sheet[: len(sheet) // 2])) == "file_unreadable"

    def test_refuses_a_zip_that_is_no_workbook(self) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a.txt", "a")
        assert _refusal(stream.getvalue()) == "file_unreadable"

    def test_never_fails_otherwise_on_damaged_bytes(self) -> None:
        content = _workbook()
        codes = set()
        for place in range(0, len(content), 97):
            damaged = bytearray(content)
            damaged[place] ^= 0xFF
            codes.add(_code_of(bytes(damaged)))
        assert codes == {None, "file_unreadable"}

    def test_marks_cells_in_error(self) -> None:
        def spoil(sheet: bytes) -> bytes:
            return sheet.replace(b'<c r="B2" t="n"><v>2</v></c>', b'<c r="B2" t="e"><v>#N/A</v></c>')

        (sheet,) = open_workbook(_patched(spoil))
        assert "#N/A" in ERROR_CODES
        assert sheet.rows[1] == ["a2", CELL_ERROR, 8.5]

    def test_marks_formulas_that_were_never_calculated(self) -> None:
        def formula(body: bytes) -> Callable[[bytes], bytes]:
            return lambda sheet: sheet.replace(
                b'<c r="B2" t="n"><v>2</v></c>', b'<c r="B2">' + body + b"</c>"
            )

        (sheet,) = open_workbook(_patched(formula(b"<f>A1+1</f>")))
        assert sheet.rows[1][1] is CELL_ERROR
        (sheet,) = open_workbook(_patched(formula(b"<f>A1+1</f><v/>")))
        assert sheet.rows[1][1] is CELL_ERROR
        (sheet,) = open_workbook(_patched(formula(b"<f>A1+1</f><v>7</v>")))
        assert sheet.rows[1][1] == 7.0

    def test_lets_a_formula_give_an_empty_text(self) -> None:
        content = _patched(
            lambda sheet: sheet.replace(
                b'<c r="B2" t="n"><v>2</v></c>', b'<c r="B2" t="str"><f>IF(1,"","")</f><v></v></c>'
            )
        )
        assert open_workbook(content)[0].rows[1][1] == ""

    def test_knows_the_other_calendar_of_excel(self) -> None:
        content = _patched(
            lambda workbook: workbook.replace(b"<workbookPr/>", b'<workbookPr date1904="1"/>'),
            "xl/workbook.xml",
        )
        (sheet,) = open_workbook(content)
        assert sheet.serial_shift == 1462
        assert open_workbook(_workbook())[0].serial_shift == 0
