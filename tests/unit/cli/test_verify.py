from __future__ import annotations

import json
from pathlib import Path

import pytest

from hocba.cli import main
from hocba.documents.verification import report_json
from tests.factories import transcripts

PAIR = transcripts.pair()
AT = ["--at", "2026-11-21T09:00:00+07:00"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "trust").mkdir()
    for name, data in transcripts.school().trust_files().items():
        (tmp_path / "trust" / name).write_bytes(data)
    (tmp_path / "a.xml").write_bytes(PAIR.xml)
    (tmp_path / "a.pdf").write_bytes(PAIR.pdf)
    (tmp_path / "changed.xml").write_bytes(PAIR.xml.replace(b">7.9<", b">9.9<", 1))
    (tmp_path / "junk.xml").write_bytes(b"junk")
    return tmp_path


def hocba(folder: Path, *words: str, trust: bool = True) -> int:
    files = [str(folder / word) if "." in word else word for word in words]
    return main.main(["verify", *files, *AT, *(["--trust", str(folder / "trust")] if trust else [])])


class TestExitCode:
    @pytest.mark.parametrize(
        ("words", "trust", "expected"),
        [
            (["a.xml"], True, 0),
            (["a.pdf"], True, 0),
            (["a.xml", "a.pdf"], True, 0),
            (["changed.xml"], True, 1),
            (["a.xml"], False, 2),
            (["changed.xml"], False, 1),
            (["junk.xml"], True, 3),
            (["a.xml", "changed.xml", "junk.xml"], True, 3),
            (["a.xml", "changed.xml"], False, 2),
            (["missing.xml"], True, 3),
        ],
    )
    def test_is_the_highest_of_all_files(
        self, folder: Path, words: list[str], trust: bool, expected: int
    ) -> None:
        assert hocba(folder, *words, trust=trust) == expected

    def test_of_a_folder_is_that_of_an_unreadable_file(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main.main(["verify", str(folder)]) == 3
        assert "thư mục" in capsys.readouterr().out

    @pytest.mark.parametrize("name", ["nowhere", "a.xml"])
    def test_with_a_wrong_trust_path_is_indeterminate(
        self, folder: Path, name: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = main.main(["verify", str(folder / "a.xml"), *AT, "--trust", str(folder / name)])

        assert code == 2
        assert name in capsys.readouterr().out

    def test_with_a_broken_trust_file_trusts_nothing(self, folder: Path) -> None:
        (folder / "trust" / "broken.crl").write_bytes(b"junk")

        assert hocba(folder, "a.xml") == 2

    @pytest.mark.parametrize(("at", "expected"), [("2026-05-28", 0), ("2026-05-27", 1), ("2027-06-01", 2)])
    def test_depends_on_the_given_moment(self, folder: Path, at: str, expected: int) -> None:
        words = ["verify", str(folder / "a.xml"), "--at", at, "--trust", str(folder / "trust")]

        assert main.main(words) == expected


class TestJson:
    def test_is_one_document_with_the_published_keys(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        hocba(folder, "a.xml", "junk.xml", "--json")

        document = json.loads(capsys.readouterr().out)

        assert list(document) == ["files"]
        assert [list(file) for file in document["files"]] == [["file", *report_json.SCHEMA["file"]]] * 2
        assert [file["verdict"] for file in document["files"]] == ["valid", "unreadable"]

    def test_says_that_a_pair_was_compared(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        hocba(folder, "a.xml", "a.pdf", "--json")

        files = json.loads(capsys.readouterr().out)["files"]

        assert all({"pair"} & {check["name"] for check in file["checks"]} for file in files)


class TestText:
    def test_puts_the_verdict_first(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        hocba(folder, "a.xml")

        lines = capsys.readouterr().out.splitlines()

        assert lines[0].startswith("HỢP LỆ: ")
        assert any("Giáo viên chủ nhiệm Nguyễn Thị Ánh" in line for line in lines)

    def test_says_what_to_do_about_missing_trust(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        hocba(folder, "a.xml", trust=False)

        output = capsys.readouterr().out

        assert output.startswith("CHƯA ĐỦ CĂN CỨ KẾT LUẬN")
        assert "*.pem" in output
        assert "*.json" in output

    def test_needs_one_line_for_each_of_many_good_files(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        hocba(folder, "a.xml", "a.pdf")

        lines = capsys.readouterr().out.splitlines()
        assert [line.split(":")[0] for line in lines[:3]] == ["HỢP LỆ", "HỢP LỆ", "Tổng cộng 2 tệp"]

    def test_says_once_whose_pair_it_is_and_what_was_not_checked(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        hocba(folder, "a.xml", "a.pdf")

        after = capsys.readouterr().out.partition("Tổng cộng")[2]
        assert after.count("Học sinh: Trần Minh Anh") == 1
        assert "Học bạ số (XML): 15 chữ ký hợp lệ" in after
        assert "Học bạ số (PDF): 3 chữ ký hợp lệ" in after
        assert after.count("Chưa tra cơ sở dữ liệu học bạ số") == 1
        assert "Không đọc lại chữ in trên trang" in after
        assert "không được đưa kèm" not in after

    def test_says_of_how_many_files_something_was_not_checked(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        hocba(folder, "a.xml", "a.pdf", "changed.xml", "a.xml")

        after = capsys.readouterr().out.partition("Tổng cộng")[2]
        assert "Học sinh:" not in after
        assert [line.endswith("(1 tệp)") for line in after.splitlines() if "chữ in" in line] == [True]
        assert [line.endswith("tệp)") for line in after.splitlines() if "Bản in trên giấy" in line] == [False]

    def test_says_nothing_of_that_when_no_file_is_valid(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        hocba(folder, "junk.xml", "junk.xml")

        assert capsys.readouterr().out.splitlines()[-1].startswith("Tổng cộng 2 tệp")


class TestFilesFrom:
    def test_adds_the_names_of_a_list(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder / "list.txt").write_text(f"{folder / 'a.pdf'}\n\n{folder / 'junk.xml'}\n")

        assert hocba(folder, "a.xml", "--files-from", "list.txt", "--json") == 3
        files = json.loads(capsys.readouterr().out)["files"]
        assert [Path(file["file"]).name for file in files] == ["a.xml", "a.pdf", "junk.xml"]

    @pytest.mark.parametrize("words", [[], ["--files-from", "nowhere.txt"]])
    def test_without_any_name_says_so(
        self, folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert hocba(folder, *words) == 2
        assert capsys.readouterr().err


class TestJobs:
    @pytest.mark.parametrize("jobs", ["-1", "1", "3"])
    def test_give_the_same_answer_in_the_same_order(
        self, folder: Path, jobs: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        names = ["a.xml", "changed.xml", "junk.xml", "a.pdf"] * 3

        hocba(folder, *names, "--jobs", jobs, "--json")

        files = json.loads(capsys.readouterr().out)["files"]
        assert [Path(file["file"]).name for file in files] == names
        assert [file["verdict"] for file in files] == ["valid", "invalid", "unreadable", "valid"] * 3
