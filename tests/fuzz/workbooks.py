"""Opening an uploaded workbook: CannotOpen, or a grid within its bounds."""

from __future__ import annotations

from pathlib import Path

from hocba.documents.workbooks import opening
from tests.adversarial.test_workbook_bombs import workbook
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz

FOLDER = Path(__file__).resolve().parents[1] / "vectors" / "flawed-school"


def examine(data: bytes) -> None:
    """Every sheet is within the bounds that were promised."""
    try:
        sheets = opening.open_workbook(data)
    except opening.CannotOpen as error:
        if error.code not in {"file_unreadable", "file_too_large", "file_encrypted"}:
            raise AssertionError(error.code) from error
        return
    assert len(sheets) <= opening.MAX_SHEETS
    for sheet in sheets:
        assert len(sheet.rows) <= opening.MAX_ROWS
        assert sum(map(len, sheet.rows)) <= opening.MAX_CELLS


def seeds() -> list[bytes]:
    """Workbooks of a school with flaws, and the smallest there is, with a formula and an error."""
    rows = (
        b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        b'<c r="C1"><f>1</f></c></row>'
    )
    return [
        workbook(rows, shared=b"<si><t>x</t></si>"),
        *((FOLDER / name).read_bytes() for name in ("PhanCong.xlsx", "TongHop_7A1.xlsx")),
    ]


TARGET = Target(name="workbooks", examine=examine, seeds=seeds, mutator=mutators.of_zip)

if __name__ == "__main__":
    fuzz(TARGET)
