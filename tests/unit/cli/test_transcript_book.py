from __future__ import annotations

import uuid
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from hocba.cli import main
from hocba.documents.transcript import Transcript
from tests.factories import primary, transcripts

AT = ["--at", "2026-11-21T09:00:00+07:00"]


def of_year(school_year: str, number: int) -> Transcript:
    usual = transcripts.transcript(id=str(uuid.UUID(int=0x7F0000000000400080000000000000C0 + number)))
    row = replace(usual.course_of_study[0], school_year=school_year)
    return replace(usual, school_year=school_year, course_of_study=(row,))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    (folder / "trust").mkdir()
    for name, data in transcripts.school().trust_files().items():
        (folder / "trust" / name).write_bytes(data)
    school = transcripts.school()
    for number, year in enumerate(("2024-2025", "2025-2026")):
        (folder / f"{year}.xml").write_bytes(transcripts.sign_xml(school, of_year(year, number)))
    stranger = transcripts.another_pupil(of_year("2023-2024", 3))
    (folder / "stranger.xml").write_bytes(transcripts.sign_xml(school, stranger))
    whole = (folder / "2024-2025.xml").read_bytes()
    (folder / "changed.xml").write_bytes(whole.replace(b">7.9<", b">9.9<", 1))
    (folder / "primary.xml").write_bytes(transcripts.sign_xml(school, primary.transcript()))
    (folder / "a.pdf").write_bytes(transcripts.pair().pdf)
    (folder / "junk.xml").write_bytes(b"junk")
    return folder


def hocba(folder: Path, out: Path, *names: str, trust: bool = True) -> int:
    words = ["transcript-book", *(str(folder / name) for name in names), "--out", str(out), *AT]
    return main.main([*words, *(["--trust", str(folder / "trust")] if trust else [])])


class TestTranscriptBook:
    def test_binds_the_years_of_verified_files(self, folder: Path, tmp_path: Path) -> None:
        out = tmp_path / "book.pdf"
        assert hocba(folder, out, "2025-2026.xml", "2024-2025.xml") == 0
        pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(out.read_bytes())).pages]
        assert len(pages) == 3 + 2 * 2
        assert "Trần Văn Bình – đã ký số 28/05/2026 09:01:00" in pages[3]

    def test_takes_transcripts_of_primary_schools(self, folder: Path, tmp_path: Path) -> None:
        out = tmp_path / "book.pdf"
        assert hocba(folder, out, "primary.xml") == 0
        text = pypdf.PdfReader(BytesIO(out.read_bytes())).pages[3].extract_text()
        assert text.count("đã ký số") == len(primary.SUBJECTS)

    @pytest.mark.parametrize(
        ("names", "trust", "code", "reason"),
        [
            (["2024-2025.xml", "changed.xml"], True, 1, "changed.xml"),
            (["2024-2025.xml"], False, 2, "2024-2025.xml"),
            (["2024-2025.xml", "a.pdf"], True, 3, "cần tệp XML của học bạ số"),
            (["2024-2025.xml", "junk.xml"], True, 3, "junk.xml"),
            (["2024-2025.xml", "missing.xml"], True, 3, "Không tìm thấy"),
            (["2024-2025.xml", "stranger.xml"], True, 3, "cùng một học sinh"),
            (["2024-2025.xml", "2024-2025.xml"], True, 3, "2024-2025"),
        ],
    )
    def test_refuses_all_when_one_is_not_valid(
        self,
        folder: Path,
        tmp_path: Path,
        names: list[str],
        trust: bool,
        code: int,
        reason: str,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        out = tmp_path / "book.pdf"
        assert hocba(folder, out, *names, trust=trust) == code
        assert not out.exists()
        assert reason in capsys.readouterr().err

    def test_says_when_it_cannot_write(
        self, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert hocba(folder, tmp_path / "no" / "book.pdf", "2024-2025.xml") == 3
        assert "Không ghi được" in capsys.readouterr().err
