"""Typst, loaded once a process: layouts and data in, PDF/A-3a and PDF/UA-1 out, the same bytes every time."""

from __future__ import annotations

import os
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

# One thread a process: Typst's own threads cost a third more than they bring once every core has a worker.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

import typst

if TYPE_CHECKING:
    from datetime import datetime

Standard: TypeAlias = Literal["a-3a", "a-3b", "ua-1"]

LAYOUTS: Final = Path(__file__).resolve().parent.parent / "layouts"
ACCESSIBLE_ARCHIVE: Final[tuple[Standard, ...]] = ("a-3a", "ua-1")
ARCHIVE: Final[tuple[Standard, ...]] = ("a-3b",)
_TRANSCRIPTS: Final = "hoc_ba_"


class TypesettingError(ValueError):
    """The typesetter refused the text; the message is Vietnamese and says which text."""


class Typesetter:
    """One layout kept in memory. Only Typst's own fonts are used unless `font_paths` names others,

    so that the bytes do not depend on what is installed on the machine. Calls from several threads queue up.
    Each call is a tiny program that imports the layout: what does not depend on the data stays evaluated,
    which new `sys.inputs` would throw away.
    """

    def __init__(self, layout: str, *, font_paths: tuple[Path, ...] = ()) -> None:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(path) for path in font_paths])
        self._compiler = typst.Compiler(root=str(LAYOUTS), font_paths=fonts)
        # The function a layout gives has the layout's name, as "chu-ky" in chu_ky.typ; in all transcripts "hoc-ba".
        self._entry = (
            "hoc-ba" if layout.startswith(_TRANSCRIPTS) else layout.removesuffix(".typ").replace("_", "-")
        )
        self._import = f'#import "{layout}": {self._entry}\n'
        self._lock = threading.Lock()

    def pdf(
        self,
        *arguments: str,
        created_at: datetime,
        standards: tuple[Standard, ...] = ACCESSIBLE_ARCHIVE,
        tagged: bool = True,
    ) -> bytes:
        """PDF of the layout: JSON data first, then further strings.

        Raises TypesettingError when a letter has no glyph in the font.
        """
        data, *others = map(_literal, arguments)
        call = ", ".join((f"json(bytes({data}))", *others))
        source = f"{self._import}#{self._entry}({call})".encode()
        with self._lock:
            try:
                result = self._compiler.compile(
                    input=source,
                    format="pdf",
                    pdf_standards=list(standards),
                    timestamp=int(created_at.timestamp()),
                    pdf_tags=tagged,
                )
            except typst.TypstError as error:
                raise TypesettingError(_in_vietnamese(error)) from error
        if not isinstance(result, bytes):
            raise TypeError("the typesetter gave no single document")
        return result


@cache
def typesetter(layout: str) -> Typesetter:
    """The process's typesetter of a layout."""
    return Typesetter(layout)


def _literal(text: str) -> str:
    """A Typst string literal: within quotes only the backslash and the quote have a meaning."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _in_vietnamese(error: typst.TypstError) -> str:
    message = str(error.message)
    if "could not be displayed" in message:
        text = message.partition("`")[2].partition("`")[0]
        return f"Không in được ký tự {text}: phông chữ của học bạ không có ký tự này."
    return f"Không dàn trang được học bạ: {message}"
