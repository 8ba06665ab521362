from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hocba.cli import main, verify_evidence
from hocba.exchange.transparency import NoteKey
from tests.factories import preservation, transcripts
from tests.factories.preservation import units_of

PAIR = transcripts.pair()
KEYS = transcripts.school()
KEPT = preservation.keep(KEYS, PAIR)
LATER = "2029-01-15T09:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("trust", "bundles"):
        (tmp_path / name).mkdir()
    files = {name: data for name, data in KEYS.trust_files().items() if not name.endswith(".crl")}
    for name, data in {**files, **units_of(preservation.year(2029, 1))}.items():
        (tmp_path / "trust" / name).write_bytes(data)
    (tmp_path / "a.xml").write_bytes(PAIR.xml)
    (tmp_path / "a.pdf").write_bytes(PAIR.pdf)
    other = transcripts.sign_xml(KEYS, transcripts.another_pupil())
    (tmp_path / "other.xml").write_bytes(other)
    (tmp_path / "bundles" / "a.bang-chung.zip").write_bytes(KEPT.bundle())
    return tmp_path


def judged(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    named = [str(folder / word) if "." in word or word == "bundles" else word for word in words]
    main.main(["verify", *named, "--at", LATER, "--trust", str(folder / "trust"), "--json"])
    files: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["files"]
    return files


def told(folder: Path, capsys: pytest.CaptureFixture[str], *words: str, at: str = LATER) -> str:
    named = [str(folder / word) if "." in word or word == "bundles" else word for word in words]
    main.main(["verify", *named, "--at", at, "--trust", str(folder / "trust")])
    return capsys.readouterr().out


class TestEvidence:
    def test_proves_the_time_of_xml_and_pdf_from_a_folder(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        files = judged(folder, capsys, "a.xml", "a.pdf", "--evidence", "bundles")

        assert [file["verdict"] for file in files] == ["valid", "valid"]
        assert all(file["proven_at"] and "dấu thời gian" in file["proven_by"] for file in files)
        assert all(item["proven_at"] for item in files[0]["signatures"])
        assert "proof_of_time" not in {row["name"] for row in files[0]["not_checked"]}

    def test_is_missed_when_it_is_not_given(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert judged(folder, capsys, "a.xml")[0]["verdict"] == "indeterminate"

    def test_of_another_transcript_is_not_taken(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        files = judged(folder, capsys, "a.xml", "other.xml", "--evidence", "bundles")

        assert files[0]["proven_at"]
        assert files[1]["proven_at"] is None
        assert "time_evidence" not in {check["name"] for check in files[1]["checks"]}

    def test_of_another_transcript_given_for_one_file_decides_nothing(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (file,) = judged(folder, capsys, "other.xml", "--evidence", "bundles/a.bang-chung.zip")

        assert file["verdict"] == "indeterminate"

    def test_that_cannot_be_read_is_said(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (file,) = judged(folder, capsys, "a.xml", "--evidence", "a.pdf")

        check = next(check for check in file["checks"] if check["name"] == "time_evidence")
        assert check["status"] == "not_checked"
        assert "a.pdf" in check["detail"]

    @pytest.mark.parametrize("name", ["nothing.zip", "a.pdf"])
    def test_that_cannot_be_read_is_the_main_reason(
        self, folder: Path, capsys: pytest.CaptureFixture[str], name: str
    ) -> None:
        text = told(folder, capsys, "a.xml", "--evidence", name)

        assert "Lý do chính: Không đọc được gói bằng chứng" in text
        assert "INDETERMINATE / NO_POE" in text

    def test_of_no_file_asked_about_is_said(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        first, second = judged(folder, capsys, "a.xml", "other.xml", "--evidence", "bundles")

        assert verify_evidence.NO_BUNDLE not in first["notes"]
        assert verify_evidence.NO_BUNDLE in second["notes"]
        assert verify_evidence.NO_BUNDLE in told(
            folder, capsys, "a.xml", "other.xml", "--evidence", "bundles"
        )

    def test_proves_a_time_of_every_signature_and_the_place_in_the_log(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = told(folder, capsys, "a.pdf", "--evidence", "bundles")

        assert text.count("Có bằng chứng chữ ký đã tồn tại lúc 00:00:00 01/06/2026") == 3
        assert "Chưa kiểm tra bằng chứng rằng việc phát hành" not in text
        assert "nằm trong mốc nhật ký đã đóng dấu thời gian" in text

    def test_names_the_place_in_the_log_whose_key_is_in_the_trust_folder(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "trust" / "log.vkey").write_text(f"{preservation.PUBLIC_KEY}\n")
        (file,) = judged(folder, capsys, "a.pdf", "--evidence", "bundles")

        check = next(check for check in file["checks"] if check["name"] == "log_inclusion")
        assert check["status"] == "passed"
        assert preservation.LOG_NAME in check["detail"]
        assert "mốc nhật ký có chữ ký đúng" in check["detail"]

    def test_of_a_log_that_another_key_signs_proves_nothing(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        stranger = NoteKey.of(preservation.LOG_NAME, Ed25519PrivateKey.from_private_bytes(bytes(32)))
        (folder / "trust" / "log.vkey").write_text(f"{stranger}\n")
        text = told(folder, capsys, "a.pdf", "--evidence", "bundles")

        assert "Lý do chính: Mốc nhật ký trong hồ sơ bằng chứng không có chữ ký đúng" in text

    def test_not_renewed_in_time_is_the_main_reason(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = told(folder, capsys, "a.pdf", "--evidence", "bundles", at="2036-01-01")

        assert re.search(
            r"Lý do chính: Chứng thư “Dấu thời gian một” .* trước khi bằng chứng được gia hạn", text
        )

    @pytest.mark.parametrize("with_key", [True, False])
    def test_brings_the_register_when_the_trust_folder_has_the_logs_key(
        self, folder: Path, capsys: pytest.CaptureFixture[str], with_key: bool
    ) -> None:
        for path in (folder / "trust").glob("*.json"):
            path.unlink()
        if with_key:
            (folder / "trust" / "log.vkey").write_text(f"{preservation.PUBLIC_KEY}\n")
        (file,) = judged(folder, capsys, "a.xml", "--evidence", "bundles")

        assert file["verdict"] == ("valid" if with_key else "indeterminate")

    def test_with_a_key_of_a_log_that_is_none_is_said(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "trust" / "log.vkey").write_text("nothing")
        (file,) = judged(folder, capsys, "a.xml", "--evidence", "bundles")

        assert any("log.vkey" in check["detail"] for check in file["checks"])

    def test_that_cannot_be_read_touches_only_files_it_could_be_of(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        value = transcripts.another_pupil()
        (folder / "bundles" / f"{value.id}-v1.bang-chung.zip").write_bytes(b"broken")
        files = judged(folder, capsys, "a.xml", "other.xml", "--evidence", "bundles")
        said = [{check["name"] for check in file["checks"]} for file in files]

        assert files[0]["verdict"] == "valid"
        assert "time_evidence" in said[1]

    def test_is_looked_for_once_and_not_by_every_worker(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found: list[int] = []
        load = verify_evidence.load
        monkeypatch.setattr(verify_evidence, "load", lambda paths: found.append(os.getpid()) or load(paths))
        judged(folder, capsys, "a.xml", "other.xml", "--evidence", "bundles", "--jobs", "2")

        assert found == [os.getpid()]
