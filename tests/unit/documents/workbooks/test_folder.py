"""Which files of a folder are workbooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from hocba.documents.workbooks.folder import read_folder


class TestReadFolder:
    def test_takes_spreadsheets_and_nothing_else(self, tmp_path: Path) -> None:
        for name in ("HocSinh.xlsx", "b.XLSM", "~$HocSinh.xlsx", ".hidden.xlsx", "note.txt"):
            (tmp_path / name).write_bytes(name.encode())
        (tmp_path / "folder.xlsx").mkdir()

        assert read_folder(tmp_path) == {"HocSinh.xlsx": b"HocSinh.xlsx", "b.XLSM": b"b.XLSM"}

    def test_says_that_there_is_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="Không có thư mục"):
            read_folder(tmp_path / "x")
        (tmp_path / "file").touch()
        with pytest.raises(ValueError, match="không phải là thư mục"):
            read_folder(tmp_path / "file")
