"""The command line as people and programs call it (design, section 9)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest
import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hocba.exchange.preservation.bundles import SUFFIX
from hocba.exchange.transparency import NoteKey
from hocba.sites.databases import EmbeddedServer
from tests.e2e.running import own_state
from tests.factories import workbooks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.walk import Walk

pytestmark = pytest.mark.e2e

PUPILS = 3

# What the city's worker does every minute.
PRESERVE = """
from datetime import timedelta
from django.utils import timezone
from hocba.city.archive import stamping
from hocba.city.preservation import collecting
now = timezone.now()
stamping.stamp_newest(by="test", at=now)
collecting.collect(by="test", at=now)
stamping.stamp_newest(by="test", at=now + timedelta(minutes=5))
"""


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


class TestEvidence:
    @pytest.fixture(scope="class")
    def bundle(self, walk_done: Walk, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """The evidence of the first transcript, as a family gets it: from the portal, for the file."""
        house, xml = walk_done.running.house, walk_done.pairs[0][0]
        with walk_done.running.at_home():
            house.run("city", ["shell", "-c", PRESERVE])
        portal = house.address("portal")
        page = urllib3.request(
            "POST", f"{portal}/", fields={"documents": (xml.name, xml.read_bytes())}, timeout=60
        ).data.decode()
        (offer,) = re.findall(r'name="ho_so" value="([^"]+)"', page)
        answer = urllib3.request("POST", f"{portal}/ho-so-bang-chung", fields={"ho_so": offer}, timeout=60)
        assert answer.status == 200, answer.data.decode("utf-8", "replace")
        path = tmp_path_factory.mktemp("evidence") / f"a{SUFFIX}"
        path.write_bytes(answer.data)
        return path

    def test_is_checked_with_the_log_key_of_the_demo(self, walk: Walk, bundle: Path) -> None:
        trust = ("--trust", walk.out / "trust", "--trust", walk.out / "trust-list")
        done = hocba("verify", walk.pairs[0][0], "--evidence", bundle, *trust, "--json")

        assert done.returncode == 0, done.stdout
        (file,) = json.loads(done.stdout)["files"]
        checks = {check["name"]: check for check in file["checks"]}
        assert checks["time_evidence"]["status"] == "passed"
        assert checks["log_inclusion"]["status"] == "passed"
        assert "mốc nhật ký có chữ ký đúng" in checks["log_inclusion"]["detail"]

    def test_under_the_key_of_another_log_proves_nothing(
        self, walk: Walk, bundle: Path, tmp_path: Path
    ) -> None:
        other = Ed25519PrivateKey.from_private_bytes(bytes(32))
        name = (walk.out / "trust-list" / "log.vkey").read_text("utf-8").partition("+")[0]
        (tmp_path / "log.vkey").write_text(f"{NoteKey.of(name, other)}\n", "utf-8")
        trust = ("--trust", walk.out / "trust", "--trust", tmp_path)
        done = hocba("verify", walk.pairs[0][0], "--evidence", bundle, *trust)

        assert done.returncode == 2
        assert "không có chữ ký đúng của nhật ký nào được tin cậy" in done.stdout
