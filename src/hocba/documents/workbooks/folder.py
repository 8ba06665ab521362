"""The workbooks in a folder, the same for every command that takes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.documents.workbooks.opening import MAX_FILE_BYTES
from hocba.documents.workbooks.reading import SPREADSHEETS

if TYPE_CHECKING:
    from pathlib import Path

MOST_FILES: Final = 1_000
_NOT_WORKBOOKS: Final = (".", "~$")
"""Hidden files, and the lock files Excel leaves beside workbooks that are open."""


def read_folder(directory: Path) -> dict[str, bytes]:
    """Return the spreadsheets by name. Raises ValueError with a Vietnamese sentence, OSError."""
    if not directory.exists():
        raise ValueError(f"Không có thư mục {directory}.")
    if not directory.is_dir():
        raise ValueError(f"{directory} không phải là thư mục. Hãy chỉ thư mục chứa bảng tính của trường.")
    paths = sorted(
        path
        for path in directory.iterdir()
        if path.suffix.lower() in SPREADSHEETS and not path.name.startswith(_NOT_WORKBOOKS) and path.is_file()
    )
    if len(paths) > MOST_FILES:
        raise ValueError(f"Thư mục có {len(paths)} bảng tính, tối đa {MOST_FILES}.")
    return {path.name: _content(path) for path in paths}


def _content(path: Path) -> bytes:
    """At most one byte more than the reader accepts, so that a huge file does not fill the memory."""
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES + 1)
