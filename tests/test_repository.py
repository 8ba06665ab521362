"""The literal content of the repository."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import hocba

ROOT = Path(__file__).parent.parent


def tracked() -> list[Path]:
    """Every file git knows."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in names.decode().split("\0") if name]


class TestVersion:
    def test_is_the_same_everywhere(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        newest = re.search(
            r"^## \[?v?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
        )

        assert newest
        assert newest.group(1) == project["version"] == hocba.__version__


class TestLockFiles:
    def test_pin_with_hashes_and_name_no_host(self) -> None:
        for file in (ROOT / "requirements").glob("*.txt"):
            text = file.read_text("utf-8")
            pins = re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)

            assert pins
            assert text.count("--hash=sha256:") >= len(pins)
            assert "://" not in text

    def test_hold_every_dependency_that_the_project_names(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        locked = (ROOT / "requirements" / "runtime.txt").read_text("utf-8").lower()
        for dependency in project["dependencies"]:
            name = re.split(r"[\[<>=]", dependency)[0].strip().lower()

            assert re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE), name


class TestSecrets:
    def test_are_not_in_the_repository(self) -> None:
        marks = (
            b"-----BEGIN " + b"PRIVATE KEY",
            b"-----BEGIN " + b"RSA PRIVATE",
            b"-----BEGIN " + b"ENCRYPTED PRIVATE",
        )
        holding = [path for path in tracked() if path.exists() and any(m in path.read_bytes() for m in marks)]

        assert not holding

    def test_no_key_file_is_tracked(self) -> None:
        assert not [path for path in tracked() if path.suffix in {".p12", ".pfx", ".key"}]


class TestReadme:
    def test_names_the_two_commands(self) -> None:
        text = (ROOT / "README.md").read_text("utf-8")

        assert "make demo" in text
        assert "make test" in text
