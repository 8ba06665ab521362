"""Tables as an Excel workbook: a sheet each, ready to print on A4, and nothing in it is ever a formula."""

from __future__ import annotations

import io
import re
import zipfile
from copy import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from hocba.documents import lettering
from hocba.documents.forms import tables
from hocba.signing.instants import VIETNAM

if TYPE_CHECKING:
    from datetime import datetime

    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

    from hocba.documents.forms.booklets import Booklet
    from hocba.documents.forms.tables import Table

_FONT: Final = "Times New Roman"
_RULE: Final = Side(style="thin", color="FF404040")
_BOX: Final = Border(left=_RULE, right=_RULE, top=_RULE, bottom=_RULE)
_SHADE: Final = PatternFill("solid", fgColor="FFE8E8E8")
_A4: Final = 9
_POINTS_PER_MM: Final = 72 / 25.4
_MM_PER_CHARACTER: Final = 1.95
_TALLEST: Final = 409.0  # points; Excel knows no higher row
_LINE: Final = 1.3  # Excel's line in letter sizes, a little more than ours
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
_NOT_IN_A_TAB: Final = re.compile(r"[\[\]:*?/\\]")
_TAB_LENGTH: Final = 31
_SIGNATURE_ROWS: Final = 4
_NAMES_AT_MOST: Final = 3
_BEGINS_A_FORMULA: Final = "=+-@\t'"


class _Look(NamedTuple):
    """How a cell looks; cells that look alike share one style, which the library is slow to make."""

    size: float
    bold: bool = False
    italic: bool = False
    left: bool = False
    turned: bool = False
    boxed: bool = False
    shaded: bool = False
    number_format: str = "General"
    quoted: bool = False


class _Styles:
    """The styles of one workbook, each made once."""

    def __init__(self) -> None:
        self._made: dict[_Look, StyleArray] = {}

    def put(self, cell: Any, look: _Look) -> None:
        """Give a cell its look; how cells share a style, the types of the library do not tell."""
        if look not in self._made:
            cell.font = Font(name=_FONT, size=look.size, bold=look.bold, italic=look.italic)
            cell.alignment = Alignment(
                horizontal="left" if look.left else "center",
                vertical="center",
                wrap_text=True,
                textRotation=90 if look.turned else 0,
            )
            if look.boxed:
                cell.border = _BOX
            if look.shaded:
                cell.fill = _SHADE
            cell.number_format = look.number_format
            cell.quotePrefix = look.quoted
            self._made[look] = copy(cell._style)
        cell._style = copy(self._made[look])


def workbook(booklet: Booklet, *, at: datetime) -> bytes:
    """The tables of a booklet as .xlsx; the same arguments give the same bytes."""
    book = Workbook()
    for sheet in list(book.worksheets):
        book.remove(sheet)
    moment = at.astimezone(VIETNAM).replace(tzinfo=None, microsecond=0)
    book.properties.title, book.properties.creator = (
        lettering.clean(booklet.title),
        lettering.clean(booklet.author),
    )
    book.properties.created = book.properties.modified = moment
    styles = _Styles()
    for table in booklet.tables:
        sheet = book.create_sheet(_tab(table.name, book.sheetnames))
        _Writer(sheet, table, styles).write()
        _set_up_printing(sheet, table, booklet.running)
    return _bytes(book)


def _tab(name: str, taken: list[str]) -> str:
    """A name for the tab: without forbidden signs, short enough, not there yet."""
    plain = _NOT_IN_A_TAB.sub(" ", lettering.clean(name)).strip("' ") or "Bảng"
    candidate, number = plain[:_TAB_LENGTH], 1
    while candidate.casefold() in {each.casefold() for each in taken}:
        number += 1
        ending = f" ({number})"
        candidate = plain[: _TAB_LENGTH - len(ending)] + ending
    return candidate


class _Writer:
    """Writes one table into its sheet, from the top down."""

    def __init__(self, sheet: Worksheet, table: Table, styles: _Styles) -> None:
        self._sheet, self._table, self._styles = sheet, table, styles
        self._widths = tables.widths(table)
        self._depth = tables.head_depth(table)

    def write(self) -> None:
        """Everything of the table, and what stays in view."""
        sheet, columns = self._sheet, self._table.columns
        for index, wide in enumerate(self._widths, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = wide / _MM_PER_CHARACTER
        top = self._above()
        first = top + self._depth
        self._head(top)
        for offset, cells in enumerate(self._table.rows):
            self._row(first + offset, cells)
        self._below(first + len(self._table.rows))
        sheet.print_title_rows = f"{top}:{first - 1}"
        # Names stay in view beside the marks, the head above them.
        names = next((index for index, column in enumerate(columns) if column.left), 0)
        beside = get_column_letter(names + 2) if names <= _NAMES_AT_MOST else "A"
        sheet.freeze_panes = f"{beside}{first}"

    def _above(self) -> int:
        """Letterhead, title and facts; returns the first row of the head."""
        row, count = 1, len(self._widths)
        letterhead = self._table.letterhead
        if letterhead is not None:
            half = max(1, count // 2)
            left = [letterhead.authority.upper(), letterhead.school.upper()]
            for left_text, right_text in zip(left, tables.MOTTO, strict=True):
                self._across(row, 1, half, left_text, _Look(11, bold=True))
                self._across(row, half + 1, count, right_text, _Look(11, bold=True))
                row += 1
            row += 1
        self._across(row, 1, count, self._table.title, _Look(14, bold=True))
        for fact in self._table.facts:
            row += 1
            self._across(row, 1, count, fact, _Look(11))
        return row + 2

    def _head(self, top: int) -> None:
        size = self._table.head_size
        for head in tables.head_cells(self._table):
            row, column = top + head.row, head.column + 1
            last_row, last_column = row + head.rows - 1, column + head.columns - 1
            look = _Look(size, bold=True, turned=head.turned, boxed=True, shaded=True)
            self._text(row, column, head.text, look)
            for each in self._sheet.iter_rows(row, last_row, column, last_column):
                for boxed in each:
                    self._styles.put(boxed, look)
            if (last_row, last_column) != (row, column):
                self._sheet.merge_cells(
                    start_row=row, end_row=last_row, start_column=column, end_column=last_column
                )
        self._head_heights(top, size)

    def _head_heights(self, top: int, size: float) -> None:
        needs = [size * _LINE + 4] * self._depth
        turned = tables.turned_height(self._table, self._widths, size) * 1.15 * _POINTS_PER_MM
        for head in tables.head_cells(self._table):
            wide = sum(self._widths[head.column : head.column + head.columns])
            need = turned if head.turned else self._high(head.text, wide, _Look(size, bold=True))
            # A cell over several rows asks the last of them for what the others leave open.
            last = head.row + head.rows - 1
            needs[last] = max(needs[last], need - sum(needs[head.row : last]))
        for level, need in enumerate(needs):
            self._sheet.row_dimensions[top + level].height = min(_TALLEST, need)

    def _row(self, row: int, cells: tuple[tables.Cell, ...]) -> None:
        table = self._table
        high = (table.row_height + 0.8) * _POINTS_PER_MM
        for index, (column, value, wide) in enumerate(
            zip(table.columns, cells, self._widths, strict=True), start=1
        ):
            look = _Look(table.size, bold=column.bold, left=column.left, boxed=True, shaded=column.shaded)
            self._value(row, index, value, look)
            high = max(high, self._high(tables.shown(value), wide, look))
        self._sheet.row_dimensions[row].height = min(_TALLEST, high)

    def _below(self, row: int) -> None:
        """What is said of no rows, the notes, the line of place and date, the places to sign."""
        table, count = self._table, len(self._widths)
        for note in ([] if table.rows else [table.empty]) + list(table.notes):
            self._across(row, 1, count, note, _Look(11, left=True))
            row += 1
        row += 1
        for line in range(0, len(table.signatures), tables.SIGNATURES_IN_A_LINE):
            self._signatures(
                row, table.signatures[line : line + tables.SIGNATURES_IN_A_LINE], dated=line == 0
            )
            row += 4 + _SIGNATURE_ROWS

    def _signatures(self, row: int, signatures: tuple[tables.Signature, ...], *, dated: bool) -> None:
        columns, count = len(self._widths), len(signatures)
        for index, each in enumerate(signatures):
            start, end = 1 + index * columns // count, (index + 1) * columns // count
            if dated and index == count - 1:
                self._across(row, start, end, self._table.dated, _Look(11, italic=True))
            self._across(row + 1, start, end, each.title, _Look(11, bold=True))
            self._across(row + 2, start, end, each.hint, _Look(11, italic=True))
            self._across(row + 3 + _SIGNATURE_ROWS, start, end, each.name, _Look(11, bold=True))

    def _across(self, row: int, start: int, end: int, text: str, look: _Look) -> None:
        """One text over several columns, in a row high enough for it: Excel does not fit merged cells itself."""
        self._text(row, start, text, look)
        if end > start:
            self._sheet.merge_cells(start_row=row, end_row=row, start_column=start, end_column=end)
        needed = min(_TALLEST, self._high(text, sum(self._widths[start - 1 : end]), look))
        before = self._sheet.row_dimensions[row].height or 0
        self._sheet.row_dimensions[row].height = max(before, needed)

    def _high(self, text: str, wide: float, look: _Look) -> float:
        """Points that a text needs in a column; Excel's letters are a little wider than ours."""
        return lettering.lines(text, wide * 0.9, look.size, bold=look.bold) * look.size * _LINE + 4

    def _value(self, row: int, column: int, value: tables.Cell, look: _Look) -> None:
        if isinstance(value, str):
            self._text(row, column, value, look)
            return
        cell = self._sheet.cell(row, column)
        cell.value = value
        self._styles.put(cell, look._replace(number_format="0.0") if isinstance(value, Decimal) else look)

    def _text(self, row: int, column: int, text: str, look: _Look) -> None:
        """A text that stays one: "=1+1" is neither computed here nor when somebody edits the cell."""
        cell = self._sheet.cell(row, column)
        text = lettering.clean(text)
        if text:
            cell.value = text
            cell.data_type = "s"
        self._styles.put(cell, look._replace(quoted=text[:1] in _BEGINS_A_FORMULA and text != ""))


def _set_up_printing(sheet: Worksheet, table: Table, running: str) -> None:
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = "landscape" if table.landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = {side: millimetres / 25.4 for side, millimetres in tables.MARGINS.items()}
    sheet.page_margins.left, sheet.page_margins.right = margins["left"], margins["right"]
    sheet.page_margins.top, sheet.page_margins.bottom = margins["top"], margins["bottom"]
    sheet.page_margins.header = sheet.page_margins.footer = 0.25
    sheet.print_options.horizontalCentered = True
    # In a footer "&" begins a code, and two of them are one.
    footer: Any = sheet.oddFooter
    footer.left.text = lettering.clean(running).replace("&", "&&")
    footer.right.text = "Trang &P/&N"
    footer.left.size = footer.right.size = 8


def _bytes(book: Workbook) -> bytes:
    """The file; members get a fixed date, since the library stamps them with the time of the machine."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as archive:
        ExcelWriter(book, archive).save()
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _FIRST_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))
    return out.getvalue()
