"""Opening an Excel file from bytes without trusting it: bounds first, then calamine.

calamine allocates what a file says, before it reads it, and ends the process when there is no memory for that. So
every part is unpacked and bounded here, and calamine is given an archive made anew of just these parts: two readers
of one ZIP file can be made to see different members.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import python_calamine
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILE_BYTES: Final = 32 << 20
MAX_UNPACKED_BYTES: Final = 256 << 20
MAX_MEMBERS: Final = 2_000
MAX_SHEETS: Final = 300
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 400
MAX_CELLS: Final = 2_000_000
MAX_SHARED_TEXT: Final = 128 << 20
"""Bytes of text in the cells that share strings: each gets its own copy."""

_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_CHUNK: Final = 1 << 16
_EPOCH_1904_SHIFT: Final = 1462

_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,9})([0-9]{1,18})["']""")
_ROW_START = re.compile(rb"<(?:\w+:)?row(?=[\s/>])")
_CELL_START = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_CELL_END = re.compile(rb"</(?:\w+:)?c>")
_SHARED_START = re.compile(rb"<(?:\w+:)?si(?=[\s/>])")
_SHARED_CELL = re.compile(rb"""\st\s*=\s*["']s["']""")
_CELL_KIND = re.compile(rb"""\st\s*=\s*["'](\w+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_RESULT = re.compile(rb"<(?:\w+:)?v\b[^<>]*>[^<]|<(?:\w+:)?is\b")
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
_SHARED_PART: Final = "xl/sharedstrings.xml"
_DATE_1904 = re.compile(rb"""date1904\s*=\s*["'](?:1|true)["']""")
_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class CannotOpen(Exception):
    """The bytes are no workbook we read; `code` is a kind of flaw, `reason` a Vietnamese sentence."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(reason or code)
        self.code = code
        self.reason = reason


class CellError:
    """What stands in the place of a cell with an Excel error, or with a formula that has no result."""

    def __repr__(self) -> str:
        return "#LỖI"


CELL_ERROR: Final = CellError()

CellValue = int | float | str | bool | datetime.time | datetime.date | datetime.timedelta | CellError


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet as a grid from A1; empty cells are "". `serial_shift` is added to a date's serial number."""

    name: str
    rows: tuple[list[CellValue], ...]
    serial_shift: int


def open_workbook(content: bytes) -> tuple[Sheet, ...]:
    """Read every worksheet; raises CannotOpen with the reason."""
    parts = _examined_parts(content)
    shift = _EPOCH_1904_SHIFT if _DATE_1904.search(parts.get("xl/workbook.xml", b"")) else 0
    broken = _cells_in_error(parts)
    grids = _read(_packed_again(parts))
    if len(grids) > MAX_SHEETS:
        raise CannotOpen("file_too_large", f"Tệp có {len(grids)} trang tính, tối đa {MAX_SHEETS}.")
    sheets = []
    for name, rows in grids:
        for row, column in broken.get(name, ()):
            _put_error(rows, row, column)
        sheets.append(Sheet(name=name, rows=tuple(rows), serial_shift=shift))
    return tuple(sheets)


def _examined_parts(content: bytes) -> dict[str, bytes]:
    """Unpack within bounds; return all parts."""
    _check_container(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise CannotOpen(
                    "file_too_large", f"Tệp chứa {len(members)} thành phần, tối đa {MAX_MEMBERS}."
                )
            if any(member.flag_bits & 1 for member in members):
                raise CannotOpen("file_encrypted")
            unpacked = list(_unpack(content, members))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError, OSError) as error:
        raise CannotOpen("file_unreadable", "Tệp bị hỏng hoặc bị cắt cụt.") from error
    parts = dict(unpacked)
    if len({name.lower() for name in parts}) != len(unpacked):
        raise CannotOpen("file_unreadable", "Tệp có hai thành phần trùng tên.")
    if "xl/workbook.xml" not in parts:
        raise CannotOpen("file_unreadable", "Tệp không phải là sổ tính Excel (.xlsx).")
    # A workbook may name any part as a worksheet, so all are bounded.
    for part in parts.values():
        _check_extent(part)
    _check_shared_text(parts)
    return parts


def _check_container(content: bytes) -> None:
    if len(content) > MAX_FILE_BYTES:
        raise CannotOpen("file_too_large", f"Tệp lớn hơn {MAX_FILE_BYTES >> 20} MB.")
    if not content:
        raise CannotOpen("file_unreadable", "Tệp rỗng.")
    if content.startswith(_OLE_MAGIC):
        if _ENCRYPTED in content:
            raise CannotOpen("file_encrypted")
        raise CannotOpen("file_unreadable", "Tệp ở dạng Excel 97–2003 (.xls).")
    if not content.startswith(b"PK"):
        raise CannotOpen("file_unreadable", "Tệp không phải là sổ tính Excel (.xlsx).")


def _unpack(content: bytes, members: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """Unpack every member ourselves: sizes written in the archive may lie, the bytes cannot."""
    left = MAX_UNPACKED_BYTES
    for member in members:
        kept: list[bytes] = []
        for chunk in _inflate(content, member):
            left -= len(chunk)
            if left < 0:
                raise CannotOpen(
                    "file_too_large", f"Tệp nở ra quá {MAX_UNPACKED_BYTES >> 20} MB khi giải nén."
                )
            kept.append(chunk)
        yield member.filename.lstrip("/"), b"".join(kept)


def _inflate(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Chunks of one member, never more than a chunk at a time in memory."""
    header = content[member.header_offset : member.header_offset + 30]
    if header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile(member.filename)
    names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    start = member.header_offset + 30 + names
    packed = content[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile(member.filename)
    decoder = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not decoder.eof:
        yield decoder.decompress(packed, _CHUNK)
        packed = decoder.unconsumed_tail
    if not decoder.eof:
        yield decoder.flush()
    if not decoder.eof:
        raise zipfile.BadZipFile(member.filename)


def _check_extent(sheet: bytes) -> None:
    """Refuse a sheet whose cells reach too far: the grid is allocated whole before anything is read."""
    last_row = last_column = 0
    cells = rows = 0
    for letters, digits in _REFERENCE.findall(sheet):
        last_row = max(last_row, int(digits))
        if letters:
            last_column = max(last_column, _column_number(letters))
        cells, rows = cells + bool(letters), rows + (not letters)
    if len(_CELL_START.findall(sheet)) > cells or len(_ROW_START.findall(sheet)) > rows:
        # Without a reference a cell stands after the one before, and a row below the one before.
        last_row += len(_ROW_START.findall(sheet))
        last_column += max(len(_CELL_START.findall(row)) for row in _ROW_START.split(sheet))
    if last_row > MAX_ROWS or last_column > MAX_COLUMNS or last_row * last_column > MAX_CELLS:
        raise CannotOpen(
            "file_too_large", f"Một trang tính có ô ở tận dòng {last_row}, cột thứ {last_column}."
        )


def _check_shared_text(parts: dict[str, bytes]) -> None:
    shared = next((part for name, part in parts.items() if name.lower() == _SHARED_PART), b"")
    longest = max(map(len, _SHARED_START.split(shared)[1:]), default=0)
    sharing = sum(len(_SHARED_CELL.findall(part)) for part in parts.values())
    if longest * sharing > MAX_SHARED_TEXT:
        raise CannotOpen("file_too_large", "Các ô của tệp chứa quá nhiều chữ.")


def _packed_again(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts and nothing else, with one reading."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return buffer.getvalue()


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _read(content: bytes) -> list[tuple[str, list[list[CellValue]]]]:
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            (
                sheet.name,
                [
                    list(row)
                    for row in workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                ],
            )
            for sheet in workbook.sheets_metadata
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError as error:
        raise CannotOpen("file_encrypted") from error
    except BaseException as error:
        # A panic of the Rust reader arrives as a PanicException, which is no Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise CannotOpen("file_unreadable", "Nội dung tệp không đúng dạng sổ tính Excel.") from error
        raise


def _cells_in_error(parts: dict[str, bytes]) -> dict[str, list[tuple[int, int]]]:
    """By sheet name: cells (from 0) with an error, or with a formula without a result.

    The reader gives both as empty cells, which would let a lost value pass in silence.
    """
    found = {}
    for name, part in parts.items():
        if _SHEET_PART.fullmatch(name) and (
            b'"e"' in part or b"'e'" in part or b"<f" in part or b":f" in part
        ):
            cells = [place for place in map(_cell_in_error, _CELL_START.split(part)[1:]) if place is not None]
            if cells:
                found[name] = cells
    if not found:
        return {}
    names = _sheet_names(parts)
    return {names[part]: cells for part, cells in found.items() if part in names}


def _cell_in_error(cell: bytes) -> tuple[int, int] | None:
    """`cell` begins with the attributes of a cell and goes on up to the next one."""
    attributes, _, body = cell.partition(b">")
    body = b"" if attributes.endswith(b"/") else _CELL_END.split(body, maxsplit=1)[0]
    reference = _REFERENCE.search(attributes)
    if reference is None or not reference.group(1) or not int(reference.group(2)):
        return None
    kind = _CELL_KIND.search(attributes)
    error = kind is not None and kind.group(1) == b"e"
    empty_text = kind is not None and kind.group(1) == b"str"
    uncalculated = _FORMULA.search(body) and not _RESULT.search(body) and not empty_text
    if not error and not uncalculated:
        return None
    return int(reference.group(2)) - 1, _column_number(reference.group(1)) - 1


def _sheet_names(parts: dict[str, bytes]) -> dict[str, str]:
    """Path of each worksheet part and the name of its sheet."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        workbook = etree.fromstring(parts["xl/workbook.xml"], parser)
        relations = etree.fromstring(parts["xl/_rels/workbook.xml.rels"], parser)
    except (KeyError, etree.XMLSyntaxError) as error:
        raise CannotOpen("file_unreadable", "Nội dung tệp không đúng dạng sổ tính Excel.") from error
    targets = {
        relation.get("Id"): relation.get("Target", "") for relation in relations.iter("{*}Relationship")
    }
    names = {}
    for sheet in workbook.iter("{*}sheet"):
        target = targets.get(sheet.get(_REL), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        names[path] = sheet.get("name", "")
    return names


def _put_error(rows: list[list[CellValue]], row: int, column: int) -> None:
    while len(rows) <= row:
        rows.append([])
    line = rows[row]
    line.extend([""] * (column + 1 - len(line)))
    line[column] = CELL_ERROR
