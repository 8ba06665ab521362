"""How wide words are in print, so that no column is ever too narrow for what stands in it.

The widths are those of Libertinus Serif, rounded up to a twentieth of the letter size: a word that fits by
these numbers fits on paper.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

MM_PER_POINT: Final = 25.4 / 72
LINE: Final = 1.22
"""Height of a line of a table in letter sizes."""

# Twentieths of the letter size: the letters of that width, without their accents.
_REGULAR: Final = {
    4: "'", 5: ",.:;| ", 6: "!()I\\ijl{}‘’°", 7: '"-/Jft', 8: "*[]`rs“”•", 9: "?cez~",
    10: "#$0123456789FS_abgvx", 11: "LP^dhknopquyđơư–", 12: "+<=>BERTY×√", 13: "%CKZ", 14: "AGNUVXƯ½",
    15: "&DHOQwĐƠ—…", 16: "m", 17: "M", 18: "@", 20: "W",
}  # fmt: skip
_BOLD: Final = {
    5: "',.| ", 6: "!:;‘’°", 7: "()/\\ijl{}", 8: '"-IJ[]`ft•', 9: "*?rs“”", 10: "_cez~",
    11: "#$+0123456789<>FS^abgvư–×", 12: "=Ldopquxyđơ", 13: "%EPYZhkn√", 14: "BTVƯ½", 15: "&ACDGKNOQRUXĐƠ—",
    16: "w", 17: "H…", 18: "M", 19: "m", 20: "@", 21: "W",
}  # fmt: skip
_TWENTIETHS: Final = (
    {letter: width for width, letters in _REGULAR.items() for letter in letters},
    {letter: width for width, letters in _BOLD.items() for letter in letters},
)
_UNKNOWN: Final = 21
_BREAK: Final = "\u200b"
# A line ends a little before the edge: commas may hang out, kerning is not counted.
_SPARE: Final = 0.3


def clean(text: str) -> str:
    """NFC text without control and other invisible characters; line ends stay."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    if composed.isprintable():
        return composed
    return "".join(
        " " if letter == "\t" else letter
        for letter in composed
        if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cs", "Cn")
    )


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width in millimetres of a text in letters of that many points; never less than in print."""
    return sum(_letter(letter, bold) for letter in text) * size * MM_PER_POINT / 20


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The clean text, with places to break (zero-width spaces) in words wider than `room` millimetres."""
    return "\n".join(
        " ".join(_fitted_word(word, room - _SPARE, size, bold) for word in line.split(" "))
        for line in clean(text).split("\n")
    )


def lines(text: str, room: float, size: float, *, bold: bool = False) -> int:
    """How many lines a text takes at most in a column of `room` millimetres; at least one."""
    count = 0
    space = width(" ", size, bold=bold)
    for line in text.split("\n"):
        count += 1
        used = 0.0
        for word in line.replace(_BREAK, " ").split(" "):
            wide = width(word, size, bold=bold)
            if used and used + space + wide > room - _SPARE:
                count, used = count + 1, 0.0
            used += wide + (space if used else 0.0)
    return count


def _fitted_word(word: str, room: float, size: float, bold: bool) -> str:  # noqa: FBT001
    if width(word, size, bold=bold) <= room:
        return word
    pieces, used = [""], 0.0
    for letter in word:
        wide = width(letter, size, bold=bold)
        if pieces[-1] and used + wide > room:
            pieces.append("")
            used = 0.0
        pieces[-1] += letter
        used += wide
    return _BREAK.join(pieces)


@lru_cache(maxsize=4096)
def _letter(letter: str, bold: bool) -> int:  # noqa: FBT001
    widths = _TWENTIETHS[bold]
    if letter in widths:
        return widths[letter]
    if letter == _BREAK or unicodedata.combining(letter):
        return 0
    return widths.get(unicodedata.normalize("NFD", letter)[0], _UNKNOWN)
