"""Workbooks that are small as files and large for who reads them: refused in a second, before anything is allocated.

Before these tests, four of the files below kept the reader busy for minutes or ended its process.
"""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from hocba.documents.workbooks.opening import CannotOpen, open_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "worksheets/sheet1.xml"


def workbook(
    sheet: bytes, *, shared: bytes = b"", target: str = SHEET, more: dict[str, bytes] | None = None
) -> bytes:
    """A workbook of one worksheet at `target`, as small as they get."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>'.encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/>'
            "</sheets></workbook>"
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/worksheet" '
            f'Target="{target}"/><Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
            "</Relationships>"
        ).encode(),
        "xl/sharedStrings.xml": b'<sst xmlns="%b">%b</sst>' % (MAIN.encode(), shared),
        f"xl/{target}": b'<worksheet xmlns="%b"><sheetData>%b</sheetData></worksheet>'
        % (MAIN.encode(), sheet),
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


FAR = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
BOMBS = {
    "far cell": workbook(FAR),
    "far cell in small letters": workbook(FAR.replace(b"XFD", b"xfd")),
    "far cell in a part of another name": workbook(FAR, target="others/sheet.png"),
    "wide row without references, and a deep one": workbook(
        b"<row>" + b"<c><v>1</v></c>" * 3000 + b'</row><row r="50000"><c r="A50000"><v>1</v></c></row>'
    ),
    "deep rows without references, and a wide one": workbook(
        b"<row/>" * 60_000 + b'<row r="1"><c r="NA1"><v>1</v></c></row>'
    ),
    "one long text in many cells": workbook(
        b'<row r="1">'
        + b"".join(b'<c r="%c1" t="s"><v>0</v></c>' % letter for letter in range(65, 91))
        + b"</row>",
        shared=b"<si><t>" + b"x" * (8 << 20) + b"</t></si>",
    ),
    "cells that never end": workbook(b'"e"' + b"<c>" * 200_000),
    "cells whose attributes never end": workbook(b'"e"' + b"<c " * 200_000),
    "values that never end": workbook(b'<row r="1"><c r="A1" t="e"><f/>' + b"<v " * 300_000),
    "member twice": workbook(b"", more={"XL/worksheets/sheet1.xml": FAR}),
}


class TestOpening:
    def test_reads_the_honest_one(self) -> None:
        """Otherwise the refusals below would show nothing."""
        honest = workbook(b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared=b"<si><t>x</t></si>")

        assert [(sheet.name, sheet.rows) for sheet in open_workbook(honest)] == [("S", (["x"],))]

    def test_reads_cells_without_references(self) -> None:
        rows = b"<row>" + b"<c><v>1</v></c>" * 20 + b"</row>"

        (sheet,) = open_workbook(workbook(rows * 45))

        assert (len(sheet.rows), len(sheet.rows[0])) == (45, 20)

    @pytest.mark.parametrize("name", BOMBS)
    def test_refuses_a_bomb_in_a_second(self, name: str) -> None:
        assert len(BOMBS[name]) < 100_000
        start = time.process_time()

        with pytest.raises(CannotOpen):
            open_workbook(BOMBS[name])

        assert time.process_time() - start < 1

    def test_gives_one_reading_of_two_archives_in_one(self) -> None:
        """Two archives one after the other: what was examined is what is read, whichever it is."""
        one = workbook(b'<row r="1"><c r="A1"><v>1</v></c></row>')
        two = workbook(b'<row r="1"><c r="A1"><v>2</v></c></row>')

        (sheet,) = open_workbook(one + two)

        assert sheet.rows == ([2.0],)
