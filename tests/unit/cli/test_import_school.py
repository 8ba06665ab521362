"""`hocba import --dry-run`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hocba.cli.main import main

if TYPE_CHECKING:
    import pytest

REPOSITORY = Path(__file__).parents[3]
CLEAN = str(REPOSITORY / "sample" / "thcs")
FLAWED = str(REPOSITORY / "tests" / "vectors" / "flawed-school")


class TestJson:
    def test_has_exactly_the_keys_of_the_contract(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["import", FLAWED, "--dry-run", "--json"]) == 1
        document = json.loads(capsys.readouterr().out)
        assert document.keys() == {"counts", "problems"}
        assert document["counts"].keys() == {"pupils", "staff", "classes", "marks"}
        for problem in document["problems"]:
            assert list(problem) == ["file", "sheet", "row", "column", "value", "code", "blocking", "message"]

    def test_of_a_clean_school_has_no_problem_and_exit_code_0(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["import", CLEAN, "--dry-run", "--json"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document["problems"] == []
        assert document["counts"] == {"pupils": 239, "staff": 29, "classes": 6, "marks": 27964}

    def test_is_one_document_even_for_a_folder_that_is_none(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        for path, code in ((tmp_path / "nowhere", "directory_unreadable"), (tmp_path, "directory_empty")):
            assert main(["import", str(path), "--dry-run", "--json"]) == 1
            (problem,) = json.loads(capsys.readouterr().out)["problems"]
            assert (problem["code"], problem["blocking"]) == (code, True)


class TestText:
    def test_says_what_blocks_first_and_stays_short(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["import", FLAWED, "--dry-run"]) == 1
        text = capsys.readouterr().out
        assert text.index("Phải sửa trước khi nhập: 3 chỗ") < text.index("Đã tự chuẩn hoá")
        assert "dòng 16 (79312008211)" in text
        assert len(text.splitlines()) < 80

    def test_of_a_folder_that_is_none_is_one_sentence(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        file = tmp_path / "a.txt"
        file.write_text("a")
        for path in (tmp_path / "nowhere", file, tmp_path):
            assert main(["import", str(path), "--dry-run"]) == 1
            assert len(capsys.readouterr().err.splitlines()) == 1

    def test_ignores_lock_files_and_hidden_files(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        for source in Path(CLEAN).iterdir():
            (tmp_path / source.name).symlink_to(source)
        (tmp_path / "~$HocSinh.xlsx").write_bytes(b"lock")
        (tmp_path / ".HocSinh.xlsx").write_bytes(b"hidden")
        assert main(["import", str(tmp_path), "--dry-run"]) == 0
        assert "239 học sinh" in capsys.readouterr().out


class TestDryRun:
    def test_needs_no_django(self) -> None:
        program = (
            "import sys; from hocba.cli.main import main; "
            f"code = main(['import', {CLEAN!r}, '--dry-run', '--json']); "
            "sys.exit(code or any(name.split('.')[0] in ('django', 'psycopg') for name in sys.modules))"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=60)
        assert done.returncode == 0
