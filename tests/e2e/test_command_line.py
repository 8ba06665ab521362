"""The command line as people and programs call it (design, section 9)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from hocba.sites.databases import EmbeddedServer
from tests.e2e.running import own_state
from tests.factories import workbooks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.walk import Walk

pytestmark = pytest.mark.e2e

PUPILS = 3


def hocba(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-W", "ignore::RuntimeWarning", "-m", "hocba.cli", *map(str, arguments)],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workbooks.write_school(tmp_path_factory.mktemp("school"), pupils=PUPILS)


@pytest.fixture(scope="module")
def result(school: Path) -> Iterator[tuple[subprocess.CompletedProcess[str], Path]]:
    """A demo of its own, in a state of its own."""
    with own_state() as folder:
        state, out = folder / "state", folder / "out"
        done = hocba("demo", "--no-serve", "--json", "--out", out, "--data", school, HOCBA_STATE=str(state))
        yield done, out


class TestHelp:
    def test_names_every_command_in_vietnamese(self) -> None:
        done = hocba("--help")
        assert done.returncode == 0
        for name in ("demo", "import", "evaluate", "verify", "serve", "worker", "bench", "city"):
            assert name in done.stdout, name
        assert "học bạ" in done.stdout.lower()

    @pytest.mark.parametrize("command", ["demo", "import", "evaluate", "verify", "serve", "worker", "bench"])
    def test_of_a_command_is_there(self, command: str) -> None:
        done = hocba(command, "--help")
        assert (done.returncode, done.stderr) == (0, "")
        assert len(done.stdout) > 100


class TestUnknownCommand:
    @pytest.mark.parametrize("arguments", [["teleport"], ["demo", "--teleport"], ["verify"]])
    def test_is_refused_in_a_sentence(self, arguments: list[str]) -> None:
        done = hocba(*arguments)
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr
        assert "Traceback" not in done.stderr


class TestImport:
    def test_finds_a_clean_school_clean(self, school: Path) -> None:
        done = hocba("import", school, "--dry-run", "--json")
        told = json.loads(done.stdout)
        assert done.returncode == 0
        assert (told["counts"]["pupils"], told["counts"]["staff"], told["counts"]["classes"]) == (
            PUPILS,
            17,
            1,
        )
        assert not [problem for problem in told["problems"] if problem["blocking"]]

    def test_says_what_blocks(self, school: Path, tmp_path: Path) -> None:
        shutil.copytree(school, tmp_path / "flawed")
        (tmp_path / "flawed" / "SoDiem_6B1.xlsx").write_bytes(b"not a workbook")
        done = hocba("import", tmp_path / "flawed", "--dry-run", "--json")
        assert done.returncode == 1
        blocking = [problem for problem in json.loads(done.stdout)["problems"] if problem["blocking"]]
        assert "SoDiem_6B1.xlsx" in {problem["file"] for problem in blocking}

    def test_refuses_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        done = hocba("import", tmp_path / "nothing", "--dry-run")
        assert done.returncode == 1
        assert "Không có thư mục" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.slow
class TestDemo:
    def test_says_what_it_did(self, result: tuple[subprocess.CompletedProcess[str], Path]) -> None:
        done, out = result
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told.pop("seconds") > 0
        assert told == {
            "pupils": PUPILS,
            "issued": PUPILS,
            "archived": PUPILS,
            "verified": PUPILS,
            "out": str(out),
        }

    def test_leaves_the_files(self, result: tuple[subprocess.CompletedProcess[str], Path]) -> None:
        _, out = result
        for kind in ("xml", "pdf"):
            assert [path.suffix for path in (out / kind).iterdir()] == [f".{kind}"] * PUPILS
        names = {path.name for path in (out / "trust").iterdir()}
        assert names == {"root.pem", "issuing.pem", "root.crl", "issuing.crl", f"{workbooks.CODE}.json"}
        listed = {path.name for path in (out / "trust-list").iterdir()}
        assert listed == {"trust-list.json", "trust-list.sig", "trust-list-signers.pem", "log.vkey"}

    def test_leaves_files_that_verify(self, result: tuple[subprocess.CompletedProcess[str], Path]) -> None:
        _, out = result
        done = hocba("verify", *out.glob("xml/*"), *out.glob("pdf/*"), "--trust", out / "trust")
        assert done.returncode == 0, done.stdout
        assert f"{2 * PUPILS} hợp lệ" in done.stdout

    def test_leaves_no_process_running(self, result: tuple[subprocess.CompletedProcess[str], Path]) -> None:
        _, out = result
        left = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("HOCBA_STATE") == str(out.parent / "state"):
                    left.append(process.name())
            except psutil.Error:
                continue
        assert not left
        assert not EmbeddedServer(out.parent / "state").is_running()


class TestVerify:
    @pytest.mark.parametrize(
        ("missing", "check"),
        [("*.crl", "revocation"), ("*.json", "approved_certificate"), ("*.pem", "certificate_chain")],
    )
    def test_is_never_sure_when_trust_is_incomplete(
        self, walk: Walk, tmp_path: Path, missing: str, check: str
    ) -> None:
        trust = tmp_path / "trust"
        shutil.copytree(walk.out / "trust", trust, ignore=shutil.ignore_patterns(missing))
        done = hocba("verify", *walk.pairs[0], "--trust", trust, "--json")
        assert done.returncode == 2
        for file in json.loads(done.stdout)["files"]:
            assert file["verdict"] == "indeterminate"
            assert check in {each["name"] for each in file["checks"] if each["status"] == "not_checked"}

    def test_is_never_sure_without_trust(self, walk: Walk) -> None:
        assert hocba("verify", *walk.pairs[0]).returncode == 2

    def test_names_the_worst(self, walk: Walk, tmp_path: Path) -> None:
        (xml, pdf), trust = walk.pairs[0], walk.out / "trust"
        changed, broken = tmp_path / "changed.xml", tmp_path / "broken.xml"
        changed.write_bytes(xml.read_bytes().replace(b"2024-2025</NamHoc>", b"2023-2024</NamHoc>"))
        broken.write_bytes(xml.read_bytes()[:1000])
        assert hocba("verify", xml, pdf, "--trust", trust).returncode == 0
        assert hocba("verify", xml, changed, "--trust", trust).returncode == 1
        assert hocba("verify", changed, broken, "--trust", trust).returncode == 3
        assert hocba("verify", tmp_path / "nothing.xml", "--trust", trust).returncode == 3
