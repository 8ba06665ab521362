from __future__ import annotations

import json
from pathlib import Path

import pytest

from hocba.cli import main, verify_reports
from tests.factories import transcripts

PAIR = transcripts.pair()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "trust").mkdir()
    for name, data in transcripts.school().trust_files().items():
        (tmp_path / "trust" / name).write_bytes(data)
    (tmp_path / "b").mkdir()
    for name in ("a.xml", "b/a.xml"):
        (tmp_path / name).write_bytes(PAIR.xml)
    return tmp_path


def hocba(folder: Path, *words: str) -> int:
    trust = ["--trust", str(folder / "trust"), "--at", "2026-11-21T09:00"]
    return main.main(["verify", *[str(folder / word) if "." in word else word for word in words], *trust])


class TestReport:
    @pytest.mark.parametrize(
        ("name", "start"), [("r.pdf", b"%PDF-"), ("r.html", b"<!doctype html>"), ("r.json", b"{")]
    )
    def test_is_written_as_its_ending_says(self, folder: Path, name: str, start: bytes) -> None:
        assert hocba(folder, "a.xml", "--report", name) == 0

        assert (folder / name).read_bytes().startswith(start)

    def test_goes_into_a_folder_for_many_files_of_one_name(self, folder: Path) -> None:
        code = hocba(folder, "a.xml", "b/a.xml", "--report", "./out", "--report-format", "json")

        written = sorted((folder / "out").iterdir())
        assert code == 0
        assert [path.name for path in written] == ["a.xml.ket-qua-2.json", "a.xml.ket-qua.json"]
        assert {json.loads(path.read_text())["verdict"] for path in written} == {"valid"}

    @pytest.mark.parametrize("names", [("a.xml", "a.pdf"), ("a.pdf", "a.xml")])
    def test_of_a_pair_is_one_file_with_both(self, folder: Path, names: tuple[str, str]) -> None:
        (folder / "a.pdf").write_bytes(PAIR.pdf)

        assert [hocba(folder, *names, "--report", f"r.{kind}") for kind in ("pdf", "html", "json")] == [
            0,
            0,
            0,
        ]

        both = json.loads((folder / "r.json").read_text())["files"]
        assert [Path(each["file"]).name for each in both] == list(names)
        assert all("pair" in {check["name"] for check in each["checks"]} for each in both)
        page = (folder / "r.html").read_text()
        assert page.index(names[0]) < page.index(names[1])

    def test_of_many_files_needs_a_folder(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert hocba(folder, "a.xml", "b/a.xml", "--report", "r.pdf") == 3
        assert "thư mục" in capsys.readouterr().err

    def test_that_cannot_be_written_is_said(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert hocba(folder, "a.xml", "--report", "nowhere/r.html") == 3
        assert "Không ghi được" in capsys.readouterr().err

    def test_as_pdf_without_typesetting_is_said(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(verify_reports, "_PAPER", "hocba.documents.no_such_module")

        assert hocba(folder, "a.xml", "--report", "r.pdf") == 3
        assert "--report-format html" in capsys.readouterr().err
