"""Tables as CSV for a spreadsheet, in which nothing is ever a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """UTF-8 with the mark that Excel asks for.

    Names come from outside: what a spreadsheet would take for a formula gets a quotation mark before it (OWASP, CSV
    Injection).
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_plain(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell
