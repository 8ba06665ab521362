from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tools.verifier import bootstrap, build

from tests.factories import transcripts

PAIR = transcripts.pair()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("verifier") / "hocba-verify.pyz"
    build.write(target, dict(sorted(build.all_files().items())))
    return target


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "trust").mkdir()
    for name, data in transcripts.school().trust_files().items():
        (tmp_path / "trust" / name).write_bytes(data)
    (tmp_path / "a.xml").write_bytes(PAIR.xml)
    (tmp_path / "a.pdf").write_bytes(PAIR.pdf)
    (tmp_path / "changed.xml").write_bytes(PAIR.xml.replace(b">7.9<", b">9.9<", 1))
    return tmp_path


def run(archive: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """As a receiving office would: a Python with nothing installed, no variables, another folder."""
    python = getattr(sys, "_base_executable", sys.executable)
    return subprocess.run(
        [python, "-I", "-S", str(archive), *words, "--trust", "trust", "--at", "2026-11-21T09:00"],
        cwd=folder, env={"XDG_CACHE_HOME": str(folder / "cache")}, capture_output=True, text=True, check=False,
    )  # fmt: skip


class TestArchive:
    def test_judges_on_a_machine_with_nothing_installed(self, archive: Path, folder: Path) -> None:
        done = run(archive, folder, "a.xml", "a.pdf", "changed.xml", "--json")

        assert done.returncode == 1, done.stderr
        verdicts = [file["verdict"] for file in json.loads(done.stdout)["files"]]
        assert verdicts == ["valid", "valid", "invalid"]

    def test_calls_itself_by_its_own_name(self, archive: Path, folder: Path) -> None:
        done = run(archive, folder, "--help")

        assert done.stdout.startswith("usage: hocba-verify.pyz ")
        assert "*.ors" in done.stdout
        assert "trust-list.json" in done.stdout

    def test_holds_no_framework_and_no_typesetting(self, archive: Path) -> None:
        with zipfile.ZipFile(archive) as opened:
            tops = {name.split("/")[1] for name in opened.namelist() if name.startswith("lib/")}

        assert not {"django", "typst", "psycopg", "pyhanko", "pip", "setuptools"} & tops
        assert {"hocba", "lxml", "cryptography"} <= tops

    def test_is_the_same_bytes_again(self, archive: Path, tmp_path: Path) -> None:
        again = tmp_path / "again.pyz"
        build.write(again, dict(sorted(build.all_files().items())))

        assert again.read_bytes() == archive.read_bytes()

    def test_carries_the_licences_of_what_it_bundles(self, archive: Path) -> None:
        with zipfile.ZipFile(archive) as opened:
            names = [name.lower() for name in opened.namelist()]

        for library in ("lxml", "cryptography", "xmlsec"):
            assert any(f"lib/{library}-" in name and "licen" in name for name in names)


class TestUnpackedFiles:
    def unpacked(self, folder: Path) -> Path:
        return next((folder / "cache" / "hocba-verify").iterdir())

    def test_are_used_again(self, archive: Path, folder: Path) -> None:
        run(archive, folder, "a.xml")
        before = (self.unpacked(folder) / "hocba" / "__init__.py").stat().st_mtime_ns
        run(archive, folder, "a.xml")

        assert (self.unpacked(folder) / "hocba" / "__init__.py").stat().st_mtime_ns == before

    @pytest.mark.parametrize("name", ["hocba/cli/verify.py", "json.py", "hocba/documents/evil.py"])
    def test_are_replaced_when_somebody_changed_or_added_one(
        self, archive: Path, folder: Path, name: str
    ) -> None:
        run(archive, folder, "a.xml")
        with (self.unpacked(folder) / name).open("a") as file:
            file.write("\nraise SystemExit('changed')\n")

        done = run(archive, folder, "a.xml")

        assert done.returncode == 0, done.stdout
        assert len(list((folder / "cache" / "hocba-verify").iterdir())) == 1

    @pytest.mark.skipif(os.name == "nt", reason="no such modes here")
    def test_are_not_put_where_others_may_write(self, archive: Path, folder: Path) -> None:
        place = folder / "cache" / "hocba-verify"
        place.mkdir(parents=True)
        place.chmod(0o777)

        done = run(archive, folder, "a.xml")

        assert done.returncode == 0
        assert list(place.iterdir()) == []


class TestOtherMachine:
    def test_is_told_plainly(self, archive: Path, folder: Path) -> None:
        other = folder / "other.pyz"
        with zipfile.ZipFile(archive) as source, zipfile.ZipFile(other, "w") as target:
            for name in ("__main__.py", bootstrap.MANIFEST):
                data = source.read(name).replace(b'"platform": "', b'"platform": "plan9-')
                target.writestr(name, data)

        done = run(other, folder, "a.xml")

        assert done.returncode == bootstrap.WRONG_MACHINE
        assert "plan9" in done.stderr
        assert "Traceback" not in done.stderr
