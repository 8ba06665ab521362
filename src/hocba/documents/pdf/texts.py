"""Texts as the cells and lines of the form take them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from hocba.signing.instants import VIETNAM

if TYPE_CHECKING:
    from datetime import datetime

# A word without a break longer than this would leave its cell.
_LONGEST_WORD = 24


def date(text: str) -> str:
    """ISO 8601 date, perhaps partial, in the order of Vietnamese writing."""
    return "/".join(reversed(text.split("-")))


def moment(at: datetime) -> str:
    """Day and time in Vietnam, to the second."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"


def breakable(text: str) -> str:
    """NFC text whose very long words may break (zero-width spaces), so that no cell overflows."""
    text = unicodedata.normalize("NFC", text)
    if len(text) <= _LONGEST_WORD:
        return text
    words = text.split(" ")
    if max(map(len, words)) <= _LONGEST_WORD:
        return text
    return " ".join(map(_with_breaks, words))


def _with_breaks(word: str) -> str:
    pieces = range(0, len(word), _LONGEST_WORD)
    return "\u200b".join(word[start : start + _LONGEST_WORD] for start in pieces)
