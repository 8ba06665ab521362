"""A booklet of covers, pages of text and tables, as a PDF (PDF/A-3a, PDF/UA-1): values to what the layout sets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from hocba.documents import lettering
from hocba.documents.forms import tables
from hocba.documents.forms.row_spacing import head_height, padding
from hocba.documents.forms.tables import Table
from hocba.documents.pdf.typesetting import typesetter
from hocba.signing.instants import VIETNAM

if TYPE_CHECKING:
    from datetime import datetime

FONT: Final = "Libertinus Serif"
LAYOUT: Final = "bieu_mau.typ"
COVER_ROOM: Final = 100.0
# A row of more lines may be broken between pages; any other is kept whole.
_LINES_KEPT_WHOLE: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The cover: who issues it, what it is, the form's circular, and lines of label and text."""

    title: str
    subtitle: str
    lines: tuple[tuple[str, str], ...]
    issuer: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A page of numbered points, with a legend below."""

    title: str
    points: tuple[str, ...]
    legend_title: str = ""
    legend: tuple[str, ...] = ()


Page: TypeAlias = Cover | Prose | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Booklet:
    """What is printed together; `running` stands at the foot of every page."""

    title: str
    author: str
    running: str
    pages: tuple[Page, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables only, as a workbook holds them."""
        return tuple(page for page in self.pages if isinstance(page, Table))


def pdf(booklet: Booklet, *, at: datetime) -> bytes:
    """Set the booklet; the same arguments give the same bytes. `at` is the time of printing, in the footer.

    Raises TypesettingError when a letter is not in the font.
    """
    data = shell(title=booklet.title, author=booklet.author, running=booklet.running, at=at)
    data["pages"] = [_page(page) for page in booklet.pages]
    return typesetter(LAYOUT).pdf(json.dumps(data, ensure_ascii=False), created_at=at)


def shell(*, title: str, author: str, running: str, at: datetime) -> dict[str, Any]:
    """What every layout of the forms wants beside its pages."""
    return {
        "font": FONT,
        "title": lettering.clean(title),
        "author": lettering.clean(author),
        "description": lettering.clean(running),
        "keywords": [],
        "running": lettering.fitted(running, 84, 7.5),
        "printed": f"In lúc {at.astimezone(VIETNAM):%d/%m/%Y %H:%M}",
        "margins": tables.MARGINS,
    }


def _page(page: Page) -> dict[str, Any]:
    if isinstance(page, Cover):
        return {
            "kind": "cover",
            "issuer": page.issuer,
            "title": page.title,
            "subtitle": page.subtitle,
            "form": page.form,
            "lines": [
                (label, lettering.fitted(text, COVER_ROOM, 14, bold=True)) for label, text in page.lines
            ],
        }
    if isinstance(page, Prose):
        return {
            "kind": "prose",
            "title": page.title,
            "points": page.points,
            "legend_title": page.legend_title,
            "legend": page.legend,
        }
    return {"kind": "table"} | table_data(page)


def table_data(table: Table) -> dict[str, Any]:
    """A table as the layout wants it: widths in millimetres, texts that fit, rows that may be broken."""
    column_widths = tables.widths(table)
    turned = tables.turned_height(table, column_widths, table.head_size)
    rows = [_row(table, row, column_widths) for row in table.rows]
    head = _head(table, column_widths, turned)
    return _around(table) | {
        "size": table.size,
        "head_size": table.head_size,
        "inset": table.inset,
        "pad": padding(
            table, [count for _cells, count in rows], head=head_height(table, column_widths, turned)
        ),
        "widths": column_widths,
        "left": [column.left for column in table.columns],
        "bold": [column.bold for column in table.columns],
        "shaded": [column.shaded for column in table.columns],
        "depth": tables.head_depth(table),
        "turned": turned,
        "head": head,
        "rows": [{"cells": cells, "long": count > _LINES_KEPT_WHOLE} for cells, count in rows],
    }


def _around(table: Table) -> dict[str, Any]:
    """What stands above and below the rows."""
    room = tables.room(landscape=table.landscape)
    signature_room = room / max(1, min(tables.SIGNATURES_IN_A_LINE, len(table.signatures))) - 4
    return {
        "name": lettering.fitted(table.name, room / 4, 7.5),
        "title": lettering.fitted(table.title, room, 14, bold=True),
        "facts": [lettering.fitted(fact, room, 10.5) for fact in table.facts],
        "landscape": table.landscape,
        "empty": table.empty,
        "notes": [lettering.fitted(note, room, 9.5) for note in table.notes],
        "dated": table.dated,
        "letterhead": table.letterhead and letterhead_data(table.letterhead),
        "signatures": [signature_data(each, signature_room) for each in table.signatures],
    }


def letterhead_data(letterhead: tables.Letterhead) -> dict[str, Any]:
    """A letterhead as the layout wants it."""
    return {
        "authority": lettering.clean(letterhead.authority),
        "school": lettering.clean(letterhead.school),
        "motto": tables.MOTTO,
    }


def signature_data(signature: tables.Signature, room: float) -> dict[str, str]:
    """A place to sign in so many millimetres, as the layout wants it."""
    name = lettering.fitted(signature.name, room, 10.5, bold=True)
    return {"title": signature.title, "hint": signature.hint, "name": name}


def _head(table: Table, column_widths: list[float], turned: float) -> list[dict[str, Any]]:
    size = table.head_size
    cells = []
    for cell in tables.head_cells(table):
        wide = sum(column_widths[cell.column : cell.column + cell.columns])
        room = turned - 2 if cell.turned else wide - 2 * table.inset
        cells.append(
            {
                "x": cell.column,
                "y": cell.row,
                "rows": cell.rows,
                "columns": cell.columns,
                "text": lettering.fitted(cell.text, room, size, bold=True),
                "turned": cell.turned,
            }
        )
    return cells


def _row(table: Table, row: tuple[tables.Cell, ...], column_widths: list[float]) -> tuple[list[str], int]:
    """The texts of a row, and the lines of its longest cell."""
    cells = []
    longest = 1
    for column, cell, wide in zip(table.columns, row, column_widths, strict=True):
        room = wide - 2 * table.inset
        text = lettering.fitted(tables.shown(cell), room, table.size, bold=column.bold)
        longest = max(longest, lettering.lines(text, room, table.size, bold=column.bold))
        cells.append(text)
    return cells, longest
