"""Names of people: normal form, parts, and the Vietnamese order of sorting (tên, đệm, họ)."""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

# f, j, w and z occur in foreign names only; they stand where Latin alphabets have them.
_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK: Final = {letter: rank for rank, letter in enumerate(_ALPHABET)}
_OTHER: Final = len(_ALPHABET)

# Order of the tones in Vietnamese dictionaries: none, huyền, hỏi, ngã, sắc, nặng.
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

SyllableKey = tuple[tuple[int, ...], int]
NameKey = tuple[SyllableKey, tuple[SyllableKey, ...], SyllableKey, str]


class NameParts(NamedTuple):
    """Họ, đệm and tên of a Vietnamese name; a single word is a given name."""

    family: str
    middle: str
    given: str


def normalise(text: str) -> str:
    """Bring a text to NFC with single blanks and none at the ends; invisible characters go."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():
        # The usual case, and the fast one: no blank but the plain one, nothing invisible.
        return " ".join(composed.split())
    visible = "".join(" " if character.isspace() else character for character in composed)
    kept = "".join(character for character in visible if unicodedata.category(character) not in ("Cc", "Cf"))
    return " ".join(kept.split())


def split(name: str) -> NameParts:
    """Split a name into family, middle and given name: "Nguyễn Thị Thu An" → Nguyễn, Thị Thu, An."""
    words = normalise(name).split(" ")
    if len(words) == 1:
        return NameParts("", "", words[0])
    return NameParts(words[0], " ".join(words[1:-1]), words[-1])


def sort_key(name: str) -> NameKey:
    """Key that sorts names as Vietnamese lists do: by given name, then middle name, then family name.

    Every syllable is compared by its letters first (29 letters: a ă â … d đ e ê … o ô ơ … u ư …) and by
    its tone second, before the next syllable is looked at; capitals and the place of the tone mark
    ("hoà", "hòa") make no difference. Names that are equal so far are ordered by their spelling.
    """
    parts = split(name)
    middle = tuple(_syllable_key(word) for word in parts.middle.split())
    return (_syllable_key(parts.given), middle, _syllable_key(parts.family), normalise(name))


def _syllable_key(syllable: str) -> SyllableKey:
    tone = 0
    letters: list[str] = []
    for character in unicodedata.normalize("NFD", syllable.lower()):
        if character in _TONES:
            tone = _TONES[character]
        elif unicodedata.combining(character) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + character)
        else:
            letters.append(character)
    return (tuple(_letter_rank(letter) for letter in letters), tone)


def _letter_rank(letter: str) -> int:
    known = _RANK.get(letter)
    if known is not None:
        return known
    base = unicodedata.normalize("NFD", letter)[0]
    return _RANK.get(base, _OTHER + ord(base))
