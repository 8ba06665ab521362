"""What stands on the pages of a PDF, measured from outside: words by poppler, rules from the page's own drawing."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import unicodedata
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from hocba.documents.forms import tables

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")

POINTS_PER_MM = 72 / 25.4
# A comma or a bracket at the end of a line may hang out of the text by a little.
HANGING = 3.0
TOUCHING = 0.8

_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')
_NUMBER = rb"(-?[\d.]+)"
_RULE = re.compile(rb"q 1 0 0 -1 %b %b cm[^q\n]*?w 4 M %b %b m %b %b l\s" % ((_NUMBER,) * 6))


@dataclass(frozen=True)
class Box:
    """A word or a rule: points from the upper left corner of the page."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str = ""

    @property
    def core(self) -> Box:
        """The middle of the box: poppler's boxes are as high as the font's tallest letter, not as the word."""
        high, wide = (self.y1 - self.y0) * 0.3, min(TOUCHING, (self.x1 - self.x0) * 0.2)
        if self.y1 - self.y0 > 2 * (self.x1 - self.x0):  # written upwards
            high, wide = min(TOUCHING, (self.y1 - self.y0) * 0.2), (self.x1 - self.x0) * 0.3
        return Box(self.x0 + wide, self.y0 + high, self.x1 - wide, self.y1 - high, self.text)

    def meets(self, other: Box) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1


@dataclass(frozen=True)
class PrintedPage:
    width: float
    height: float
    words: list[Box]
    rules: list[Box]


def pages(pdf: bytes) -> list[PrintedPage]:
    """Every page with its words and its straight rules."""
    found = []
    with pikepdf.open(BytesIO(pdf)) as document:
        for (width, height, body), page in zip(
            _PAGE.findall(_poppler(pdf, "-bbox")), document.pages, strict=True
        ):
            words = [
                Box(*(float(number) for number in numbers), text=unescape(text))
                for *numbers, text in _WORD.findall(body)
            ]
            found.append(PrintedPage(float(width), float(height), words, _rules(page, float(height))))
    return found


def letters(pdf: bytes) -> str:
    """All text in the order it was set, without blanks and invisible places to break."""
    text = unicodedata.normalize("NFC", _poppler(pdf, "-raw"))
    return "".join(text.replace("\u200b", "").split())


def squeezed(text: str) -> str:
    """A text as `letters` gives it."""
    return "".join(unicodedata.normalize("NFC", text).split())


def flaws(pdf: bytes) -> list[str]:
    """Words out of the margins, words over words, words over rules; empty when everything has its room."""
    return [flaw for number, page in enumerate(pages(pdf), start=1) for flaw in _flaws(number, page)]


def _flaws(number: int, page: PrintedPage) -> list[str]:
    left, right = tables.MARGINS["left"] * POINTS_PER_MM, page.width - tables.MARGINS["right"] * POINTS_PER_MM
    top, bottom = tables.MARGINS["top"] * POINTS_PER_MM, page.height - 4 * POINTS_PER_MM
    found = [
        f"page {number}: {word.text!r} leaves the page at {word}"
        for word in page.words
        if word.x0 < left - TOUCHING or word.x1 > right + HANGING or word.y0 < top - 6 or word.y1 > bottom
    ]
    ordered = sorted((word.core for word in page.words), key=lambda word: word.y0)
    for index, word in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.y0 >= word.y1:
                break
            if word.meets(other):
                found.append(f"page {number}: {word.text!r} over {other.text!r}")
        found += [f"page {number}: {word.text!r} crosses a rule" for rule in page.rules if word.meets(rule)]
    return found


def _rules(page: pikepdf.Page, height: float) -> list[Box]:
    found = []
    for match in _RULE.finditer(page.Contents.read_bytes()):
        x, y, x0, y0, x1, y1 = (float(number) for number in match.groups())
        xs, ys = sorted((x + x0, x + x1)), sorted((height - y + y0, height - y + y1))
        # A rule has a width, or nothing could ever meet it.
        found.append(Box(xs[0] - 0.1, ys[0] - 0.1, xs[1] + 0.1, ys[1] + 0.1))
    return found


def _poppler(pdf: bytes, mode: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.pdf"
        path.write_bytes(pdf)
        told = subprocess.run(["pdftotext", mode, path, "-"], capture_output=True, text=True, check=True)
    return told.stdout
