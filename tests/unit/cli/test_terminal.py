from __future__ import annotations

from pathlib import Path

import pytest

from hocba.cli import import_report, main
from hocba.cli.terminal import plain
from hocba.documents.workbooks.problems import Problems
from hocba.documents.workbooks.values import Counts, Place, SchoolReading


class TestPlain:
    @pytest.mark.parametrize(
        "driving", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\r", "\n", "\u2028", "\u202e", "\u2066"]
    )
    def test_takes_away_what_drives_a_terminal(self, driving: str) -> None:
        assert plain(f"Nguyễn{driving}An") == "Nguyễn\ufffdAn"

    def test_leaves_vietnamese_as_it_is(self) -> None:
        text = "Trần Thị Ánh Nguyệt – “8,0” ✓ Đạt"

        assert plain(text) == text


class TestVerify:
    def test_shows_a_name_that_drives_the_terminal(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "a\x1b]0;x\x07\nHỢP LỆ: b.xml"
        file.write_bytes(b"junk")

        assert main.main(["verify", str(file)]) == 3

        shown = capsys.readouterr().out
        assert "\x1b" not in shown
        assert not any(line.startswith("HỢP LỆ") for line in shown.splitlines())


class TestImportReport:
    def test_shows_a_value_that_drives_the_terminal(self, capsys: pytest.CaptureFixture[str]) -> None:
        problems = Problems()
        place = Place(file="a\x1b[2J.xlsx", sheet="s\x9b31m", row=4)
        problems.add("code_missing", place, column="Mã học sinh", value="\x1b[31mAn")
        counts = Counts(pupils=0, staff=0, classes=0, marks=0)

        import_report.print_report(
            SchoolReading(data=None, problems=problems.in_order(), counts=counts), dry_run=True
        )

        shown = capsys.readouterr().out
        assert "dòng 4" in shown
        assert not {"\x1b", "\x9b"} & set(shown)
