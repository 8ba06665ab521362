"""The tool that makes golden files: it adds, and never writes over what is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tools import make_golden

from hocba.cli import main as cli


class TestMain:
    def test_writes_a_set_that_the_command_line_judges_valid(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(make_golden, "FOLDER", tmp_path)

        assert make_golden.main(["so-lop-1.0"]) == 0

        folder = tmp_path / "so-lop-1.0"
        expected = json.loads((folder / "expected.json").read_text("utf-8"))
        capsys.readouterr()
        files = [str(folder / name) for name in expected["files"]]
        assert (
            cli.main(["verify", *files, "--trust", str(folder / "trust"), "--at", expected["at"], "--json"])
            == 0
        )
        said = json.loads(capsys.readouterr().out)["files"]
        assert {item["verdict"] for item in said} == {"valid"}
        assert len(said) == 9

    def test_refuses_to_write_over_a_set(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(make_golden, "FOLDER", tmp_path)
        (tmp_path / "so-lop-1.0").mkdir()

        assert make_golden.main(["hoc-ba-thcs-1.0", "so-lop-1.0"]) == 1

        assert "never written again: so-lop-1.0" in capsys.readouterr().out
        assert [path.name for path in tmp_path.rglob("*")] == ["so-lop-1.0"]

    def test_makes_nothing_when_every_set_is_there(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert make_golden.main([]) == 0

        assert capsys.readouterr().out == ""

    def test_knows_no_other_kind(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert make_golden.main(["hoc-ba-9.9"]) == 1

        assert "no such kind" in capsys.readouterr().out
