from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hocba.cli import evaluate as command
from hocba.regulations.evaluation import EVALUATORS
from tests.unit.regulations.records import year

GOOD = json.dumps(year())


def run(monkeypatch: pytest.MonkeyPatch, data: str | bytes, *arguments: str) -> int:
    raw = data.encode() if isinstance(data, str) else data
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


def lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


class TestRun:
    @pytest.mark.parametrize("indent", [None, 2])
    def test_answers_one_object_with_one_document(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], indent: int | None
    ) -> None:
        status = run(monkeypatch, json.dumps(year(), indent=indent))
        captured = capsys.readouterr()

        assert status == 0
        assert json.loads(captured.out)["title"] == "GIOI"
        assert captured.err == ""

    def test_answers_lines_with_lines_in_order(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        records = [year() | {"id": str(number)} for number in range(50)]
        status = run(monkeypatch, "\n".join(json.dumps(record) for record in records) + "\n\n")

        assert status == 0
        assert [each["id"] for each in lines(capsys.readouterr().out)] == [str(n) for n in range(50)]

    def test_reports_a_bad_line_and_goes_on(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        wrong = GOOD.replace('"8.0"', '"8,0"')
        status = run(monkeypatch, "\n".join([GOOD, "{oops", GOOD, "[]", wrong, GOOD]))
        captured = capsys.readouterr()

        assert status == 2
        assert len(lines(captured.out)) == 3
        complaints = lines(captured.err)
        assert [each["line"] for each in complaints] == [2, 4, 5]
        assert complaints[2]["error"].endswith(f"Và {len(complaints[2]['problems']) - 3} lỗi khác.")
        assert complaints[2]["problems"][0]["path"] == "subjects[0].terms[0].regular[0]"

    def test_reports_a_bad_first_line_as_a_line(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status = run(monkeypatch, f"{{oops\n{GOOD}\n")
        captured = capsys.readouterr()

        assert status == 2
        assert len(lines(captured.out)) == 1
        assert lines(captured.err)[0]["line"] == 1

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "Không có dữ liệu"),
            (b" \n\n ", "Không có dữ liệu"),
            (b"hoc ba", "Không phải JSON hợp lệ"),
            (b'{"regulation":\n', "Không phải JSON hợp lệ"),
            ("{}".encode("utf-16"), "không phải là văn bản UTF-8"),
            (b"\xff\xfe\xfa", "không phải là văn bản UTF-8"),
            (b"[" * 100_000, "lồng nhau quá sâu"),
            (b'{"absences": ' + b"9" * 5000 + b"}", "số quá dài"),
            (b'{"grade": 9, "grade": 8}', "«grade» xuất hiện hai lần"),
            (b"null", "phải là một đối tượng JSON"),
        ],
    )
    def test_says_what_is_wrong_with_the_input(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        data: bytes,
        sentence: str,
    ) -> None:
        status = run(monkeypatch, data)
        captured = capsys.readouterr()

        assert status == 2
        assert captured.out == ""
        assert sentence in lines(captured.err)[0]["error"]

    def test_reads_a_file_with_a_byte_order_mark(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        path = tmp_path / "hoc-sinh.json"
        path.write_text(GOOD, encoding="utf-8-sig")

        assert run(monkeypatch, "", str(path)) == 0
        assert len(lines(capsys.readouterr().out)) == 1

    @pytest.mark.parametrize("name", ["khong-co.json", "."])
    def test_says_which_file_it_cannot_read(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
    ) -> None:
        assert run(monkeypatch, "", str(tmp_path / name)) == 2
        assert "Không" in lines(capsys.readouterr().err)[0]["error"]

    def test_explains_when_asked(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(monkeypatch, GOOD, "--explain") == 0
        assert lines(capsys.readouterr().out)[0]["explanation"]

    def test_starts_without_the_web_framework(self) -> None:
        code = "import sys, hocba.cli.evaluate; sys.exit('django' in sys.modules or 'lxml' in sys.modules)"

        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

    def test_leaves_quietly_when_nobody_reads_on(self, tmp_path: Path) -> None:
        path = tmp_path / "hoc-sinh.jsonl"
        path.write_text((GOOD + "\n") * 500)
        code = f"import sys; from hocba.cli.main import main; sys.exit(main(['evaluate', {str(path)!r}]))"
        with subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()

            assert process.stderr.read() == b""


class TestHelp:
    def test_documents_the_json_of_every_regulation(self, capsys: pytest.CaptureFixture[str]) -> None:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        with pytest.raises(SystemExit):
            parser.parse_args(["--help"])
        text = capsys.readouterr().out

        for regulation in EVALUATORS:
            assert f'"regulation": "{regulation}"' in text
        for word in ("adjusted_because_of", "after_summer", "EXCUSED", "title_needs_nomination"):
            assert word in text
