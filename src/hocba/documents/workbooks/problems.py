"""Collecting problems: each flaw of each cell once, in the order of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.documents.workbooks.flaws import FLAWS
from hocba.documents.workbooks.values import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocba.documents.workbooks.values import Place

SHOWN: Final = 200


def shorten(text: str) -> str:
    """Cut what is shown of a cell, so that one cell cannot fill a screen or a log."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def sentence_of(code: str, *, column: str | None, value: str | None, details: Mapping[str, object]) -> str:
    """The sentence of a kind of flaw at a place: what is wrong and what to do."""
    texts = {name: shorten(str(detail)) for name, detail in details.items()}
    shown = None if value is None else shorten(value)
    return FLAWS[code].sentence.format_map({"column": column, "value": _quotable(shown)} | texts)


class Problems:
    """A growing list of problems without repetition."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, int | None, str | None, str, str | None], Problem] = {}

    def add(
        self,
        code: str,
        place: Place,
        *,
        column: str | None = None,
        value: str | None = None,
        **details: object,
    ) -> None:
        """Note a flaw; `details` fill the sentence of its kind.

        The same kind at the same cell is kept once. Flaws without a row (a missing pupil, a missing sheet)
        are told apart by their value.
        """
        flaw = FLAWS[code]
        shown = None if value is None else shorten(value)
        message = sentence_of(code, column=column, value=value, details=details)
        key = (place.file, place.sheet, place.row, column, code, shown if place.row is None else None)
        self._found.setdefault(
            key,
            Problem(
                file=place.file,
                sheet=place.sheet,
                row=place.row,
                column=column,
                value=shown,
                code=code,
                blocking=flaw.blocking,
                message=message,
            ),
        )

    def in_order(self) -> tuple[Problem, ...]:
        """All problems: by file as read, and in the order they were found."""
        return tuple(self._found.values())


def _quotable(value: str | None) -> str:
    return "" if value is None else " ".join(value.split())
