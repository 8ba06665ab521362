"""`hocba verify --report`: one sheet a file, as PDF, page or JSON, into a file or a folder."""

from __future__ import annotations

import json
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hocba.cli.verify_groups import are_pair
from hocba.documents.result_sheets import sheet_of
from hocba.documents.result_sheets.page import page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FORMATS: Final = ("pdf", "html", "json")
_PAPER: Final = "hocba.documents.result_sheets.paper"
_NO_TYPESETTING: Final = "Bản này không kèm phần dàn trang PDF; hãy dùng --report-format html."


class ReportError(Exception):
    """No sheet can be written; the text says why, for people."""


class _Judged(NamedTuple):
    """A file with the full JSON of its report."""

    file: str
    document: Mapping[str, Any]


class ReportFiles:
    """Where the sheets go: `target` is a file for one verified file or one pair of XML and PDF, else a folder."""

    def __init__(self, target: str, *, kind: str | None, files: Sequence[str]) -> None:
        """`kind` is one of FORMATS; without it the target's ending says, and for a folder it is PDF.

        Raises ReportError when the target cannot take so many sheets, or nothing here can make that kind.
        """
        self._target = Path(target)
        ending = self._target.suffix.lower().removeprefix(".")
        self._is_file = ending in FORMATS and not self._target.is_dir()
        self._kind = kind or (ending if self._is_file else FORMATS[0])
        self._names = _different(Path(file).name for file in files)
        if self._is_file and len(files) > 1 and not are_pair(files):
            raise ReportError(
                "Có nhiều tệp cần kiểm tra, không phải một bản XML và một bản PDF của cùng một học bạ: "
                "--report phải là một thư mục."
            )
        self._together = len(files) if self._is_file else 1
        self._waiting: dict[int, _Judged] = {}
        if self._kind == "pdf":
            self._paper = _paper()

    def write(self, number: int, file: str, document: Mapping[str, Any]) -> None:
        """Write the sheet about the verified file of that place in the list. Raises ReportError."""
        self._waiting[number] = _Judged(file, document)
        if len(self._waiting) < self._together:
            return
        judged = [each for _, each in sorted(self._waiting.items())]
        self._waiting.clear()
        try:
            self._place(number).write_bytes(self._made(judged))
        except OSError as error:
            raise ReportError(f"Không ghi được kết quả: {error.filename}: {error.strerror}.") from error

    def _made(self, judged: Sequence[_Judged]) -> bytes:
        if self._kind == "json":
            every = [{"file": each.file, **each.document} for each in judged]
            content = every[0] if len(every) == 1 else {"files": every}
            return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"
        sheets = [sheet_of(Path(each.file).name, each.document) for each in judged]
        if self._kind == "html":
            return page(sheets).encode()
        made: bytes = self._paper.pdf(sheets)
        return made

    def _place(self, number: int) -> Path:
        if self._is_file:
            return self._target
        self._target.mkdir(parents=True, exist_ok=True)
        return self._target / f"{self._names[number]}.{self._kind}"


def _different(names: Iterable[str]) -> list[str]:
    """A name for each sheet, in order; files of one name from several folders are numbered."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(f"{name}.ket-qua" if seen[name] == 1 else f"{name}.ket-qua-{seen[name]}")
    return found


def _paper() -> Any:
    """The module that sets sheets as PDF; its library is large, so it is looked for only when asked for."""
    try:
        return import_module(_PAPER)
    except ModuleNotFoundError as error:
        raise ReportError(_NO_TYPESETTING) from error
